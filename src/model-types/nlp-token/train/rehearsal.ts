import { packArrays, unpackArrays } from '../../../bundle/packedArrays';
import { randomAt, streamKey } from '../../../ml/random/counterRandom';
import type { LabelledTokens } from './labelledTokens';
import { trainerSettings } from './trainerSettings';

/**
 * Sentences that a model keeps, as hashed features and labels, no texts: trainings that start from it learn
 * them again, so that they do not forget what it knows. A sample by the seed.
 */
export function pickRehearsal(
  { hashes, labels, starts }: LabelledTokens,
  seed: number,
): Uint8Array {
  const rows = starts.length - 1;
  const key = streamKey(seed, 0x4e4ea);
  const chosen = Array.from({ length: rows }, (_, row) => ({ row, place: randomAt(key, row) }))
    .sort((a, b) => a.place - b.place || a.row - b.row)
    .slice(0, trainerSettings.rehearsalRows)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
  const width = hashes.length / Math.max(1, labels.length);
  const lengths = chosen.map((row) => starts[row + 1]! - starts[row]!);
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const kept = {
    hashes: new Uint32Array(tokens * width),
    labels: new Uint16Array(tokens),
    starts: new Float64Array(chosen.length + 1),
  };
  chosen.forEach((row, i) => {
    const [from, to] = [starts[row]!, starts[row + 1]!];
    const at = kept.starts[i]!;
    kept.hashes.set(hashes.subarray(from * width, to * width), at * width);
    kept.labels.set(labels.subarray(from, to), at);
    kept.starts[i + 1] = at + lengths[i]!;
  });
  return packArrays({ rows: chosen.length }, new Map(Object.entries(kept)));
}

export function readRehearsal(packed: Uint8Array): LabelledTokens {
  const { arrays } = unpackArrays(packed);
  return {
    hashes: arrays.get('hashes') as Uint32Array<ArrayBuffer>,
    labels: arrays.get('labels') as Uint16Array<ArrayBuffer>,
    starts: arrays.get('starts') as Float64Array<ArrayBuffer>,
  };
}
