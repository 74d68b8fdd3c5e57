import type { ModelType } from '../modelType';
import { embeddingOptions } from '../../encoder-learning/encoderChoice';
import type { NlpTextOptions } from './options';
import { stepVersions } from './versions';

function define(name: string): ModelType<NlpTextOptions> {
  return {
    name,
    stepVersions,
    // Each is loaded when it runs: a process that extracts rows does not wait for ONNX Runtime, nor one that
    // trains for the readers of PDF.
    stages: {
      extract: async (...job) => (await import('./extract/extract.js')).extract(...job),
      preprocess: async (...job) => (await import('./preprocess/preprocess.js')).preprocess(...job),
      train: async (context, options) => {
        const { train } = options.encoder
          ? await import('./encoder/train.js')
          : await import('./train/train.js');
        await train(context, options);
      },
      embed: async (...job) => (await import('./encoder/embed.js')).embed(...job),
      evaluate: async (...job) => (await import('./evaluate/evaluate.js')).evaluate(...job),
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
