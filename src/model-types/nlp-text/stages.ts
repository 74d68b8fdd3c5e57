import { embeddingOptions } from '../../encoder-learning/encoderChoice';
import type { StageType } from '../contract/stageType';
import {
  baseModel,
  embeddingShards,
  encoderFolder,
  item,
  outputOf,
  outputsOf,
  rowsOf,
  sourceFiles,
  textsOfShard,
} from '../inputs';
import type { NlpTextOptions } from './options';
import { stepVersions } from './versions';

type Stage = StageType<NlpTextOptions>;

const encoder = encoderFolder((options: NlpTextOptions) => options.encoder?.hash ?? null);
const usesEncoder = (options: NlpTextOptions) => options.encoder != null;

/** Source files → `train/`, `test/` (datasets) and `extract.json`. */
const extract: Stage = {
  version: stepVersions.extract,
  inputs: [sourceFiles],
  readsUploads: true,
  cacheOptions({ doc_classification, text_column, label_column, max_bad_rows, ...options }) {
    const { delimiter, quote, escape, charset } = options;
    const dialect = { delimiter, quote, escape, charset };
    return { doc_classification, text_column, label_column, ...dialect, max_bad_rows };
  },
  run: async (...job) => (await import('./extract/extract.js')).extract(...job),
};

/** Rows → hashed n-grams, label numbers and the split; see preprocess/features.ts. */
const preprocess: Stage = {
  version: stepVersions.preprocess,
  inputs: [outputOf('extract', (places) => rowsOf(places, 'extract')), baseModel],
  cacheOptions({ label_delimiter, n_target_classes, test_split, holdout, seed }) {
    return { label_delimiter, n_target_classes, test_split, holdout, seed };
  },
  run: async (...job) => (await import('./preprocess/preprocess.js')).preprocess(...job),
};

/** With a frozen encoder: the embeddings of the train rows, a shard at a time. */
const embed: Stage = {
  version: stepVersions.embed,
  when: ({ encoder: chosen }) => chosen?.training === 'frozen',
  // Which rows they are does not matter to the embeddings of texts.
  inputs: [textsOfShard, encoder, { fetch: item.fetch }],
  cacheOptions: (options) => options.encoder && embeddingOptions(options.encoder),
  items: embeddingShards,
  runsLargeGraphs: usesEncoder,
  run: async (...job) => (await import('./encoder/embed.js')).embed(...job),
};

/** `model/` (the bundle), `train.json` and what `evaluate` needs. */
const train: Stage = {
  version: stepVersions.train,
  inputs: [
    outputOf('preprocess'),
    baseModel,
    {
      fetch: async (places) => {
        if (usesEncoder(places.options)) await outputOf('extract').fetch(places);
      },
    },
    encoder,
    outputsOf('embed', 'embeddings'),
  ],
  runsLargeGraphs: usesEncoder,
  run: async (context, options) => {
    const { train: work } = options.encoder
      ? await import('./encoder/train.js')
      : await import('./train/train.js');
    await work(context, options);
  },
};

/** `evaluation.json`: measures on held-out rows, and checks of the data. */
const evaluate: Stage = {
  version: stepVersions.evaluate,
  inputs: [outputOf('extract'), outputOf('preprocess'), outputOf('train'), baseModel],
  runsLargeGraphs: usesEncoder,
  run: async (...job) => (await import('./evaluate/evaluate.js')).evaluate(...job),
};

/** In their order. */
export const stages = { extract, preprocess, embed, train, evaluate };
