import type { ModelType } from '../contract/modelType';
import { datasetSchema } from '../inputs';
import type { MeanLengthOptions } from './options';
import { report } from './report';
import { served } from './served';
import { stages } from './stages';

/** Learns the mean length of each label's texts, and takes the label whose mean is nearest to a text's length. */
export const meanLength: ModelType<MeanLengthOptions> = {
  name: 'mean-length',
  workflow: 'trainMeanLength',
  stages,
  artifact: { stage: 'train', folder: 'model' },
  inherit: ({ text_column, label_column }) => ({ text_column, label_column }),
  async dataHashes(run) {
    const model = JSON.parse((await run.readOutput('train', 'model/means.json'))!.toString()) as {
      rows: string;
    };
    return { recorded: model.rows, again: (await datasetSchema(run, 'extract', 'train'))!.rowHash };
  },
  report,
  served,
};
