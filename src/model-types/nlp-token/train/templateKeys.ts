import { randomAt, streamKey } from '../../../ml/random/counterRandom';
import { step } from '../../../tagging/features/featureHash';
import type { TokenFeatures } from '../../../tagging/features/featureSpec';
import { isInside, outside } from '../../../tagging/tagLabels';
import type { LabelledTokens } from './labelledTokens';

/**
 * A number for each sentence, the same for those that say the same around their spans: copies, and sentences made
 * from one template with other names.
 */
export function templateKeys(
  { hashes, labels, starts }: LabelledTokens,
  { templates }: TokenFeatures,
): Int32Array {
  const width = templates.length;
  const words = templates.findIndex((parts) => parts.length === 1 && parts[0]![1] === 0);
  return Int32Array.from({ length: starts.length - 1 }, (_, row) => {
    let key = 0;
    for (let token = starts[row]!; token < starts[row + 1]!; token++) {
      const label = labels[token]!;
      if (label === outside) key = step(key, hashes[token * width + words]!);
      else if (!isInside(label)) key = step(key, label);
    }
    return key;
  });
}

/** Picks a share of them by chance: all sentences that have a key, or none. */
export function pickTemplates(
  keys: Int32Array,
  share: number,
  seed: number,
): (row: number) => boolean {
  const stream = streamKey(seed, 0x9e4a);
  return (row) => randomAt(stream, keys[row]!) < share * 2 ** 32;
}
