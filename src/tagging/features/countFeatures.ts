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
  for (let least = 1; ; least++) {
    const kept: Uint32Array[] = [];
    let count = 0;
    for (let part = 0; part < parts; part++) {
      const frequent = frequentOf(blocks, part, least);
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

function frequentOf(blocks: readonly Uint32Array[], part: number, least: number): Uint32Array {
  const inPart = (feature: number): boolean =>
    feature !== 0 && feature >>> (32 - partBits) === part;
  let size = 0;
  for (const block of blocks) for (const feature of block) if (inPart(feature)) size++;
  const own = new Uint32Array(size);
  let at = 0;
  for (const block of blocks) for (const feature of block) if (inPart(feature)) own[at++] = feature;
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
