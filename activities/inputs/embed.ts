import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchTree } from '../../src/artifacts/trees/tree';
import { openDataset } from '../../src/data/datasetReader';
import { materializeEncoder } from '../../src/encoders/materializeEncoder';
import { TrainyardError } from '../../src/errors';
import type { EncoderChoice } from '../../src/encoder-learning/encoderChoice';
import { shardsOf, type Shard } from '../../src/encoder-learning/embeddings/shards';
import { getModelType } from '../../src/model-types/registry';
import type { RunHandle } from '../../workflows/types';
import type { ActivityDependencies } from '../dependencies';
import { datasetSchema } from './datasetSchema';
import { once } from './once';
import type { OpenInputs } from '../attempt/stageInputs';
import { loadRunContext, outputOf, type RunContext } from '../runContext';

/** How many shards the extracted rows of a run are embedded in. */
export async function countShards(deps: ActivityDependencies, run: RunHandle): Promise<number> {
  const context = await loadRunContext(deps.database.manager, run.runId);
  return (await shardsOfRun(deps, context)).length;
}

/**
 * Inputs: `extract/`, `encoder/` and `shard.json`, which says which rows. The same texts in another
 * run hit the cache: an embedding depends on its text, the encoder and how long texts are treated.
 */
export const embedInputs: OpenInputs = (deps, context, { folder, shard }) => {
  const extract = join(folder, 'extract');
  const open = once(async () => {
    await fetchTree(deps.store, outputOf(context, 'extract'), extract);
    return (await shardsOfRun(deps, context))[shard!]!;
  });
  return {
    identity: async () => {
      const { from, to } = await open();
      const type = getModelType(context.model.type);
      return {
        type: type.name,
        version: type.stepVersions.embed,
        options: type.cacheOptions('embed', context.run.options),
        texts: textsHash(join(extract, 'train'), from, to),
      };
    },
    fetch: async () => {
      const { from, to } = await open();
      await writeFile(join(folder, 'shard.json'), JSON.stringify({ from, to }));
      await fetchEncoder(deps, context, folder);
    },
  };
};

/** Fetches a run's encoder into `encoder/`, and the embeddings of its shards into `embeddings/<shard>/`. */
export async function fetchEncoding(
  deps: ActivityDependencies,
  context: RunContext,
  inputs: string,
): Promise<void> {
  const encoder = encoderOf(context);
  if (!encoder) return;
  await fetchTree(deps.store, outputOf(context, 'extract'), join(inputs, 'extract'));
  await fetchEncoder(deps, context, inputs);
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
async function fetchEncoder(
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
  const schema = await datasetSchema(store, outputOf(context, 'extract'), 'train');
  if (schema) return shardsOf(schema.rows);
  throw new TrainyardError('bug', 'file_missing', 'the extract stage left no train/dataset.json');
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
