import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchTree, readTreeFile } from '../src/artifacts/tree';
import type { DatasetSchema } from '../src/data/dataset';
import { openDataset } from '../src/data/datasetReader';
import { materializeEncoder } from '../src/encoders/materializeEncoder';
import { TrainyardError } from '../src/errors';
import type { EncoderChoice } from '../src/model-types/nlp-text/encoder/encoderChoice';
import { shardsOf, type Shard } from '../src/model-types/nlp-text/encoder/shards';
import { getModelType } from '../src/model-types/registry';
import type { RunHandle } from '../workflows/types';
import type { ActivityDependencies } from './dependencies';
import { loadRunContext, outputOf, type RunContext } from './runContext';
import type { PrepareStage } from './stagePlan';

/** How many shards the extracted rows of a run are embedded in. */
export async function countShards(deps: ActivityDependencies, run: RunHandle): Promise<number> {
  const context = await loadRunContext(deps.database.manager, run.runId);
  return (await shardsOfRun(deps, context)).length;
}

/**
 * Inputs: `extract/`, `encoder/` and `shard.json`, which says which rows. The same texts in another
 * run hit the cache: an embedding depends on its text, the encoder and how long texts are treated.
 */
export const prepareEmbed: PrepareStage = async (deps, context, inputs, _, shard) => {
  const { from, to } = (await shardsOfRun(deps, context))[shard!]!;
  const extract = join(inputs, 'extract');
  await fetchTree(deps.store, outputOf(context, 'extract'), extract);
  const type = getModelType(context.model.type);
  const identity = {
    type: type.name,
    version: type.stepVersions.embed,
    options: type.cacheOptions('embed', context.run.options),
    texts: textsHash(join(extract, 'train'), from, to),
  };
  return {
    identity,
    layInputs: async () => {
      await writeFile(join(inputs, 'shard.json'), JSON.stringify({ from, to }));
      await layEncoder(deps, context, inputs);
    },
  };
};

/** Lays a run's encoder as `encoder/`, and the embeddings of its shards as `embeddings/<shard>/`. */
export async function layEncoding(
  deps: ActivityDependencies,
  context: RunContext,
  inputs: string,
): Promise<void> {
  const encoder = encoderOf(context);
  if (!encoder) return;
  await fetchTree(deps.store, outputOf(context, 'extract'), join(inputs, 'extract'));
  await layEncoder(deps, context, inputs);
  if (encoder.training !== 'frozen') return;
  const shards = await shardsOfRun(deps, context);
  for (const shard of shards.keys()) {
    const folder = join(inputs, 'embeddings', String(shard));
    await fetchTree(deps.store, outputOf(context, 'embed', shard), folder);
  }
}

function encoderOf({ run }: RunContext): EncoderChoice | null {
  return (run.options['encoder'] as EncoderChoice | null | undefined) ?? null;
}

/** A link: the folder is shared by all trainings on this machine that use the encoder. */
async function layEncoder(
  { database, store, config }: ActivityDependencies,
  context: RunContext,
  inputs: string,
): Promise<void> {
  const options = { database: database.manager, store, home: config.home };
  const folder = await materializeEncoder(options, encoderOf(context)!.hash);
  await symlink(folder, join(inputs, 'encoder'));
}

async function shardsOfRun(
  { store }: ActivityDependencies,
  context: RunContext,
): Promise<readonly Shard[]> {
  const schema = await readTreeFile(store, outputOf(context, 'extract'), 'train/dataset.json');
  if (!schema) {
    throw new TrainyardError('bug', 'file_missing', 'the extract stage left no train/dataset.json');
  }
  return shardsOf((JSON.parse(schema.toString('utf8')) as DatasetSchema).rows);
}

function textsHash(folder: string, from: number, to: number): string {
  const hash = createHash('sha256');
  const dataset = openDataset(folder);
  try {
    for (let row = from; row < to; row++) {
      const text = Buffer.from(dataset.get('text', row));
      hash.update(`${text.length}\n`).update(text);
    }
  } finally {
    dataset.close();
  }
  return hash.digest('hex');
}
