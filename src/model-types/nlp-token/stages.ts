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
import { wordUnit } from './encoder/embedInputs';
import type { NlpTokenOptions } from './options';
import { stepVersions } from './versions';

type Stage = StageType<NlpTokenOptions>;

const encoder = encoderFolder((options: NlpTokenOptions) => options.encoder?.hash ?? null);
// Runs from before there were encoders have no such key.
const usesEncoder = (options: NlpTokenOptions) => options.encoder != null;

/** Source files → `train/`, `test/` (datasets), `extract.json` and `tagging.json`. */
const extract: Stage = {
  version: stepVersions.extract,
  inputs: [sourceFiles],
  readsUploads: true,
  cacheOptions({ target_labels, source_column, target_column, default_tag, tokens, ...options }) {
    const { delimiter, quote, escape, charset, max_bad_rows } = options;
    const dialect = { delimiter, quote, escape, charset };
    const tags = { target_labels, default_tag, tokens };
    return { source_column, target_column, ...tags, ...dialect, max_bad_rows };
  },
  run: async (...job) => (await import('./extract/extract.js')).extract(...job),
};

/** Rows → labels and features of their tokens, and the split; see preprocess/tokenData.ts. */
const preprocess: Stage = {
  version: stepVersions.preprocess,
  inputs: [outputOf('extract', (places) => rowsOf(places, 'extract')), baseModel],
  cacheOptions({ target_labels, tokens, test_split, holdout, seed }) {
    return { target_labels, tokens, test_split, holdout, seed };
  },
  run: async (...job) => (await import('./preprocess/preprocess.js')).preprocess(...job),
};

/** With a frozen encoder: the states of the words of the train rows, a shard at a time. */
const embed: Stage = {
  version: stepVersions.embed,
  when: ({ encoder: chosen }) => chosen?.training === 'frozen',
  // Which rows they are does not matter to the states of their words.
  inputs: [textsOfShard, wordUnit, encoder, { fetch: item.fetch }],
  cacheOptions: (options) => options.encoder && embeddingOptions(options.encoder),
  items: embeddingShards,
  runsLargeGraphs: usesEncoder,
  run: async (...job) => (await import('./encoder/embed.js')).embed(...job),
};

/** `model/` (the bundle), `train.json`, and `holdout-model/` after a holdout. */
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
  run: async (context) => (await import('./evaluate/evaluate.js')).evaluate(context),
};

/** In their order. */
export const stages = { extract, preprocess, embed, train, evaluate };
