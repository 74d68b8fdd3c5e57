import { baseWithEncoder } from '../../encoder-learning/encoderChoice';
import type { ModelType } from '../contract/modelType';
import { datasetSchema } from '../inputs';
import type { NlpTokenOptions } from './options';
import { report } from './report';
import { served } from './served';
import { stages } from './stages';

/** Tags of tokens: names in texts, numbers of cards and accounts. */
export const nlpToken: ModelType<NlpTokenOptions> = {
  name: 'nlp-token',
  workflow: 'trainNlpToken',
  stages,
  artifact: { stage: 'train', folder: 'model' },
  encoderOf: ({ encoder }) => encoder ?? null,
  /** The options that describe the data and the tags belong to the model and pass on with it. */
  inherit({ target_labels, source_column, target_column, default_tag, tokens, ...base }) {
    if (base.encoder) throw baseWithEncoder();
    const { delimiter, quote, escape, charset } = base;
    const format = { delimiter, quote, escape, charset };
    return { target_labels, source_column, target_column, default_tag, tokens, ...format };
  },
  async dataHashes(run) {
    const manifest = await run.readOutput('train', 'model/manifest.json');
    const { data_hash } = JSON.parse(manifest!.toString('utf8')) as { data_hash: string };
    return { recorded: data_hash, again: (await datasetSchema(run, 'extract', 'train'))!.rowHash };
  },
  report,
  served,
};
