import { type Explanation, strongest } from '../predict/explanation';

/** Parts that a text is cut into at most; longer texts are explained by runs of words. */
const mostParts = 64;

/**
 * What each word of a text adds to the logits of some classes: the logit of the text less that of the
 * text without the word (occlusion; Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through
 * Representation Erasure"). A word that occurs more than once is shown with the sum.
 *
 * @param logitsOf logits of texts, by text
 */
export async function explainByWords(
  logitsOf: (texts: string[]) => Promise<Float64Array[]>,
  text: string,
  classes: readonly number[],
): Promise<Explanation[]> {
  const parts = partsOf(text);
  const without = parts.map(({ start, end }) => text.slice(0, start) + text.slice(end));
  const [whole, ...others] = (await logitsOf([text, ...without])) as [Float64Array];
  return classes.map((label) => {
    const added = new Map<string, number>();
    others.forEach((logits: Float64Array, i) => {
      const { start, end } = parts[i]!;
      const feature = text.slice(start, end).replace(/\s+/gu, ' ');
      added.set(feature, (added.get(feature) ?? 0) + whole[label]! - logits[label]!);
    });
    return strongest(added);
  });
}

/** The words of a text, or as many runs of as many words each as are allowed. */
function partsOf(text: string): { start: number; end: number }[] {
  const words = Array.from(text.matchAll(/\S+/gu), ({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
  }));
  const size = Math.ceil(words.length / mostParts);
  if (size <= 1) return words;
  return Array.from({ length: Math.ceil(words.length / size) }, (_, i) => ({
    start: words[i * size]!.start,
    end: words[Math.min(words.length, (i + 1) * size) - 1]!.end,
  }));
}
