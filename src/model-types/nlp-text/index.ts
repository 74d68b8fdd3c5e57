import { createRequire } from 'node:module';
import type { HeavyStage, ModelType, StageFunction } from '../modelType';
import { embeddingOptions } from './encoder/encoderChoice';
import type { NlpTextOptions } from './options';
import { stepVersions } from './versions';

type Stage = StageFunction<NlpTextOptions>;

const load = createRequire(__filename);

/**
 * The stage of that name in the file of that path, loaded when it runs: a process that extracts rows does not wait
 * for ONNX Runtime, nor one that trains for the readers of PDF.
 */
function lazy(stage: HeavyStage, file = `./${stage}`): Stage {
  return async (context, options) => {
    const module = load(file) as Record<HeavyStage, Stage>;
    await module[stage](context, options);
  };
}

const trainNgrams = lazy('train');
const trainEncoder = lazy('train', './encoder/train');

function define(name: string): ModelType<NlpTextOptions> {
  return {
    name,
    stepVersions,
    stages: {
      extract: lazy('extract'),
      preprocess: lazy('preprocess'),
      train: (context, options) => (options.encoder ? trainEncoder : trainNgrams)(context, options),
      embed: lazy('embed', './encoder/embed'),
      evaluate: lazy('evaluate'),
    },
    cacheOptions(stage, options) {
      if (stage === 'embed') return options.encoder && embeddingOptions(options.encoder);
      if (stage === 'extract') {
        const { doc_classification, text_column, label_column, max_bad_rows } = options;
        const { delimiter, quote, escape, charset } = options;
        const dialect = { delimiter, quote, escape, charset };
        return { doc_classification, text_column, label_column, ...dialect, max_bad_rows };
      }
      const { label_delimiter, n_target_classes, test_split, holdout, seed } = options;
      return { label_delimiter, n_target_classes, test_split, holdout, seed };
    },
  };
}

/** Texts in a column of CSV files. */
export const nlpText = define('nlp-text');

/** Documents, each a file whose folder is its class; learns as `nlp-text` does. */
export const nlpDoc = define('nlp-doc');
