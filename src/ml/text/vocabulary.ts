/** The buckets that a model knows, numbered by how many rows have them: common ones lie close together. */
export interface Vocabulary {
  /** Feature number of each bucket, −1 for those that the model does not know. */
  ids: Int32Array;
  /** Bucket of each feature. */
  buckets: Uint32Array;
  /** Inverse document frequency of each feature: what its count value is multiplied with. */
  scales: Float32Array;
}

export interface VocabularyOptions {
  /** Rows that the frequencies were counted over. */
  rows: number;
  /** A bucket that fewer rows have says nothing about other texts. */
  minRows: number;
  /** At most so many features, the most frequent ones. */
  maxFeatures: number;
  /** Features of a base model: they stay, with their scales. */
  base?: { buckets: Uint32Array; scales: Float32Array } | undefined;
}

/** @param frequency rows that have each bucket */
export function buildVocabulary(frequency: Int32Array, options: VocabularyOptions): Vocabulary {
  const { rows, minRows, maxFeatures, base } = options;
  const ids = new Int32Array(new SharedArrayBuffer(frequency.length * 4)).fill(-1);
  const fixed = new Map<number, number>();
  base?.buckets.forEach((bucket, i) => fixed.set(bucket, base.scales[i]!));
  const room = Math.max(0, maxFeatures - fixed.size);
  const fresh = mostFrequent(frequency, minRows, room, fixed);
  const chosen = byFrequency(Uint32Array.from([...fixed.keys(), ...fresh]), frequency);
  const scales = new Float32Array(new SharedArrayBuffer(chosen.length * 4));
  chosen.forEach((bucket, id) => {
    ids[bucket] = id;
    scales[id] = fixed.get(bucket) ?? Math.log((1 + rows) / (1 + frequency[bucket]!)) + 1;
  });
  return { ids, buckets: chosen, scales };
}

function mostFrequent(
  frequency: Int32Array,
  minRows: number,
  room: number,
  without: ReadonlyMap<number, number>,
): number[] {
  const found: number[] = [];
  for (let bucket = 0; bucket < frequency.length; bucket++) {
    if (frequency[bucket]! >= minRows && !without.has(bucket)) found.push(bucket);
  }
  if (found.length <= room) return found;
  return [...byFrequency(Uint32Array.from(found), frequency).subarray(0, room)];
}

/** Sorts by falling frequency, then rising bucket: one native sort of keys that hold both. */
function byFrequency(buckets: Uint32Array, frequency: Int32Array): Uint32Array {
  const width = 4294967296;
  const keys = Float64Array.from(buckets, (bucket) => {
    const rank = Math.max(0, 0x1fffff - Math.min(frequency[bucket]!, 0x1fffff));
    return rank * width + bucket;
  }).sort();
  return Uint32Array.from(keys, (key) => key % width);
}
