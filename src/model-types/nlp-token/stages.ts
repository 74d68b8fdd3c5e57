import type { StageType } from '../contract/stageType';
import { baseModel, outputOf, rowsOf, sourceFiles } from '../inputs';
import type { NlpTokenOptions } from './options';
import { stepVersions } from './versions';

type Stage = StageType<NlpTokenOptions>;

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

/** `model/` (the bundle), `train.json`, and `holdout-model/` after a holdout. */
const train: Stage = {
  version: stepVersions.train,
  inputs: [outputOf('preprocess'), baseModel],
  run: async (...job) => (await import('./train/train.js')).train(...job),
};

/** `evaluation.json`: measures on held-out rows, and checks of the data. */
const evaluate: Stage = {
  version: stepVersions.evaluate,
  inputs: [outputOf('extract'), outputOf('preprocess'), outputOf('train'), baseModel],
  run: async (context) => (await import('./evaluate/evaluate.js')).evaluate(context),
};

/** In their order. */
export const stages = { extract, preprocess, train, evaluate };
