import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../../errors';
import type { DenseFeatures } from '../../ml/heads/denseFeatures';
import type { TokenizedCounts } from '../../ml/transformers/files/tokenizer/tokenizeTexts';
import { readArray, writeArray } from '../../support/arrayFiles';
import { type Shard, shardsOf } from './shards';
import { addCounts, noTexts } from '../textCounts';

/** Little-endian float32, rows × dims. */
const embeddingsFile = 'embeddings.f32';
const describedIn = 'embeddings.json';

/** What `embeddings.json` says of a shard. */
export interface ShardSummary extends Shard {
  format: 1;
  dims: number;
  counts: TokenizedCounts;
}

export function writeShard(dir: string, summary: ShardSummary, embeddings: Float32Array): void {
  writeArray(dir, embeddingsFile, embeddings);
  writeFileSync(join(dir, describedIn), `${JSON.stringify(summary, null, 1)}\n`);
}

/** The embeddings of all rows of the train dataset, from the folders `0`, `1`, … of its shards in `dir`. */
export function readEmbeddings(
  dir: string,
  rows: number,
): { features: DenseFeatures; counts: TokenizedCounts } {
  let features: DenseFeatures = { values: new Float32Array(0), rows, width: 0 };
  let counts = noTexts;
  for (const [i, shard] of shardsOf(rows).entries()) {
    const folder = join(dir, String(i));
    const summary = JSON.parse(readFileSync(join(folder, describedIn), 'utf8')) as ShardSummary;
    const { from, to, dims } = summary;
    if (i === 0) features = { values: new Float32Array(rows * dims), rows, width: dims };
    const part = new Float32Array(readArray(folder, embeddingsFile));
    const fits = from === shard.from && to === shard.to && dims === features.width;
    if (!fits || part.length !== (to - from) * dims) {
      throw new TrainyardError(
        'infrastructure',
        'embeddings_damaged',
        `shard ${i} of the embeddings holds ${part.length} numbers for rows ${from} to ${to}; expected are rows ${shard.from} to ${shard.to} with ${features.width} numbers each`,
      );
    }
    features.values.set(part, from * dims);
    counts = addCounts(counts, summary.counts);
  }
  return { features, counts };
}
