import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../../errors';
import type { DenseFeatures } from '../../ml/heads/denseFeatures';
import { readArray, writeArray } from '../../support/arrayFiles';
import { type Shard, shardsOf } from './shards';

/** Little-endian float32, words × dims. */
const statesFile = 'states.f32';
const describedIn = 'states.json';

/** What `states.json` says of the states of the words in a shard of rows. */
export interface StatesSummary extends Shard {
  format: 1;
  dims: number;
  words: number;
}

export function writeStates(dir: string, summary: StatesSummary, states: Float32Array): void {
  writeArray(dir, statesFile, states);
  writeFileSync(join(dir, describedIn), `${JSON.stringify(summary, null, 1)}\n`);
}

/**
 * The states of all words, from the folders `0`, `1`, … of the shards in `dir`.
 *
 * @param starts where the words of each row begin, and the end of the last row's
 */
export function readStates(dir: string, starts: Float64Array): DenseFeatures {
  const rows = starts.length - 1;
  let features: DenseFeatures = { values: new Float32Array(0), rows: starts[rows]!, width: 0 };
  for (const [i, shard] of shardsOf(rows).entries()) {
    const folder = join(dir, String(i));
    const summary = JSON.parse(readFileSync(join(folder, describedIn), 'utf8')) as StatesSummary;
    const { dims } = summary;
    if (i === 0)
      features = { ...features, values: new Float32Array(features.rows * dims), width: dims };
    const part = new Float32Array(readArray(folder, statesFile));
    const words = starts[shard.to]! - starts[shard.from]!;
    if (part.length !== words * features.width) {
      throw new TrainyardError(
        'infrastructure',
        'embeddings_damaged',
        `shard ${i} of the words' states holds ${part.length} numbers; expected are ${features.width} for each of ${words} words`,
      );
    }
    features.values.set(part, starts[shard.from]! * dims);
  }
  return features;
}
