import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openDataset } from '../../data/datasetReader';
import { shardsOf, type Shard } from '../../encoder-learning/embeddings/shards';
import { TrainyardError } from '../../errors';
import type { StageInput, StageRun } from '../contract/stageInput';
import { datasetSchema } from './datasets';

/** The shards of the train rows of `extract`: what a stage that embeds texts fans out over. */
export async function embeddingShards(run: StageRun<unknown>): Promise<readonly Shard[]> {
  const schema = await datasetSchema(run, 'extract', 'train');
  if (schema) return shardsOf(schema.rows);
  throw new TrainyardError('bug', 'file_missing', 'the extract stage left no train/dataset.json');
}

/** `extract/`. The same texts in another run are the same: an embedding depends on no other rows. */
export const textsOfShard: StageInput<unknown> = {
  identity: async (places) => {
    await places.fetchOutput('extract', 'extract');
    const { from, to } = places.item as Shard;
    return textsHash(join(places.folder, 'extract', 'train'), from, to);
  },
  fetch: (places) => places.fetchOutput('extract', 'extract'),
};

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
