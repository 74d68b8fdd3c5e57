import type { TokenExample, TokenExamples, TokenMetrics } from './evaluation';

/** Examples of each kind and tag. */
const shown = 5;

interface Sentence {
  words: readonly string[];
  /** The tag of each token; null outside. */
  gold: readonly (string | null)[];
  found: readonly (string | null)[];
}

/** Counts tokens as the Model Bazaar's report does: those outside of all spans count nowhere. */
export class TokenCounts {
  private readonly counts: Map<string, { right: number; found: number; gold: number }>;
  readonly examples: TokenExamples = {
    true_positives: withAnyKey(),
    false_positives: withAnyKey(),
    false_negatives: withAnyKey(),
  };

  constructor(
    private readonly tags: readonly string[],
    private readonly defaultTag: string,
  ) {
    this.counts = new Map(tags.map((tag) => [tag, { right: 0, found: 0, gold: 0 }]));
  }

  add(sentence: Sentence): void {
    sentence.gold.forEach((gold, index) => {
      const found = sentence.found[index]!;
      if (gold !== null) this.count(gold, 'gold');
      if (found !== null) this.count(found, 'found');
      if (gold !== null && gold === found) {
        this.count(gold, 'right');
        this.example('true_positives', gold, sentence, index);
      } else {
        if (found !== null) this.example('false_positives', found, sentence, index);
        if (gold !== null) this.example('false_negatives', gold, sentence, index);
      }
    });
  }

  metrics(): TokenMetrics[] {
    return this.tags.map((tag) => {
      const { right, found, gold } = this.counts.get(tag)!;
      const precision = found === 0 ? null : right / found;
      const recall = gold === 0 ? null : right / gold;
      const sum = (precision ?? 0) + (recall ?? 0);
      const f1 = sum === 0 ? null : (2 * (precision ?? 0) * (recall ?? 0)) / sum;
      return { tag, precision, recall, f1: precision === null || recall === null ? null : f1 };
    });
  }

  private count(tag: string, of: 'right' | 'found' | 'gold'): void {
    const counts = this.counts.get(tag);
    if (counts) counts[of]++;
  }

  private example(
    kind: keyof TokenExamples,
    tag: string,
    { words, gold, found }: Sentence,
    index: number,
  ): void {
    if (!this.counts.has(tag)) return;
    const list = (this.examples[kind][tag] ??= []);
    if (list.length >= shown) return;
    const written = (tags: readonly (string | null)[]): string =>
      tags.map((one) => one ?? this.defaultTag).join(' ');
    list.push({
      source: words.join(' '),
      target: written(gold),
      predictions: written(found),
      index,
    });
  }
}

/** A tag may be called `__proto__`. */
function withAnyKey(): Record<string, TokenExample[]> {
  return Object.create(null) as Record<string, TokenExample[]>;
}
