/**
 * The features that come up at least `least` times, sorted. Counts by sorting, a part of the features
 * at a time, so that memory stays at a fraction of what the features themselves take.
 *
 * @param blocks features, 0 for none
 * @param maxFeatures when there are more the least often found are left out: `least` is raised
 */
export function countFeatures(
  blocks: readonly Uint32Array[],
  maxFeatures: number,
): { features: Uint32Array; least: number } {
  const sizes = partSizes(blocks);
  for (let least = 1; ; least++) {
    const kept: Uint32Array[] = [];
    let count = 0;
    for (let part = 0; part < parts; part++) {
      const frequent = frequentOf(blocks, part, sizes[part]!, least);
      kept.push(frequent);
      count += frequent.length;
    }
    if (count > maxFeatures) continue;
    const features = new Uint32Array(count);
    let at = 0;
    for (const frequent of kept) {
      features.set(frequent, at);
      at += frequent.length;
    }
    return { features, least };
  }
}

/** By the highest bits of a feature, so that parts follow each other in order. */
const partBits = 4;
const parts = 2 ** partBits;

function partSizes(blocks: readonly Uint32Array[]): Float64Array {
  const sizes = new Float64Array(parts);
  for (const block of blocks) {
    for (let i = 0; i < block.length; i++) {
      if (block[i] !== 0) sizes[block[i]! >>> (32 - partBits)]!++;
    }
  }
  return sizes;
}

function frequentOf(
  blocks: readonly Uint32Array[],
  part: number,
  size: number,
  least: number,
): Uint32Array {
  const own = new Uint32Array(size);
  let at = 0;
  for (const block of blocks) {
    for (let i = 0; i < block.length; i++) {
      const feature = block[i]!;
      if (feature !== 0 && feature >>> (32 - partBits) === part) own[at++] = feature;
    }
  }
  own.sort();
  let kept = 0;
  for (let i = 0; i < size;) {
    let end = i + 1;
    while (end < size && own[end] === own[i]) end++;
    if (end - i >= least) own[kept++] = own[i]!;
    i = end;
  }
  return own.slice(0, kept);
}
