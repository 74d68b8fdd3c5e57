import { baseWithEncoder } from '../../encoder-learning/encoderChoice';
import type { ModelType } from '../contract/modelType';
import type { StageRun } from '../contract/stageInput';
import { datasetSchema } from '../inputs';
import type { NlpTextOptions } from './options';
import { report } from './report';
import { served } from './served';
import { stages } from './stages';

function define(name: string): ModelType<NlpTextOptions> {
  return {
    name,
    workflow: 'trainNlpText',
    stages,
    artifact: { stage: 'train', folder: 'model' },
    encoderOf: ({ encoder }) => encoder ?? null,
    inherit,
    dataHashes,
    report,
    served,
  };
}

/** Texts in a column of CSV files. */
export const nlpText = define('nlp-text');

/** Documents, each a file whose folder is its class; learns as `nlp-text` does. */
export const nlpDoc = define('nlp-doc');

/** The options that describe the data and the labels belong to the model and pass on with it. */
function inherit(base: NlpTextOptions): Partial<NlpTextOptions> {
  if (base.encoder) throw baseWithEncoder();
  const { text_column, label_column, n_target_classes } = base;
  const { delimiter, quote, escape, charset, label_delimiter } = base;
  const format = { delimiter, quote, escape, charset, label_delimiter };
  return { text_column, label_column, n_target_classes, ...format };
}

async function dataHashes(run: StageRun<unknown>): Promise<{ recorded: string; again: string }> {
  const manifest = await run.readOutput('train', 'model/manifest.json');
  const { data_hash } = JSON.parse(manifest!.toString('utf8')) as { data_hash: string };
  const rows = await datasetSchema(run, 'extract', 'train');
  return { recorded: data_hash, again: rows!.rowHash };
}
