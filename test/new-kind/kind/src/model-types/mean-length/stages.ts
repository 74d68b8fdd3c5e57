import type { StageRun } from '../contract/stageInput';
import type { StageType } from '../contract/stageType';
import { baseModel, item, outputOf, outputsOf, rowsOf, sourceFiles } from '../inputs';
import type { MeanLengthOptions } from './options';

type Stage = StageType<MeanLengthOptions>;

const extract: Stage = {
  version: 1,
  inputs: [sourceFiles],
  readsUploads: true,
  cacheOptions: ({ text_column, label_column }) => ({ text_column, label_column }),
  run: async (...job) => (await import('./work.js')).extract(...job),
};

/** One item for each label, on a task queue of its own. */
const measure: Stage = {
  version: 1,
  queue: 'light',
  inputs: [outputOf('extract', (places) => rowsOf(places, 'extract')), item],
  items: labels,
  returns: 'mean.json',
  cacheOptions: () => ({}),
  run: async (...job) => (await import('./work.js')).measure(...job),
};

const train: Stage = {
  version: 1,
  inputs: [outputOf('extract'), outputsOf('measure', 'means'), baseModel],
  run: async (...job) => (await import('./work.js')).train(...job),
};

const evaluate: Stage = {
  version: 1,
  inputs: [outputOf('extract'), outputOf('train')],
  run: async (...job) => (await import('./work.js')).evaluate(...job),
};

export const stages = { extract, measure, train, evaluate };

async function labels(run: StageRun<MeanLengthOptions>): Promise<string[]> {
  const found = await run.readOutput('extract', 'labels.json');
  return JSON.parse(found!.toString()) as string[];
}
