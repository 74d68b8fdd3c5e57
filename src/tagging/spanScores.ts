import type { TokenSpan } from './tagLabels';

/** Counts of one tag. A span is right when its first token, its last and its tag are (as `conlleval` counts). */
export interface SpanCounts {
  /** Spans in the data, spans found, and those found that are right. */
  gold: number;
  found: number;
  right: number;
  /** Found spans that share a token with a span of the same tag and have other bounds. */
  partial: number;
  /** Found spans that share a token with a span of another tag, and with none of their own. */
  wrongTag: number;
}

/** A span of one tag where the data has one of another. */
export interface TagConfusion {
  gold: number;
  found: number;
  count: number;
}

/** What kinds of mistakes were made about bounds. */
export interface BoundaryErrors {
  tooLong: number;
  tooShort: number;
  /** Neither holds the other. */
  shifted: number;
}

/** Compares found spans with those of the data, sentence by sentence. */
export class SpanScores {
  readonly tags: SpanCounts[];
  readonly boundaries: BoundaryErrors = { tooLong: 0, tooShort: 0, shifted: 0 };
  private readonly confused = new Map<string, TagConfusion>();

  constructor(tags: number) {
    this.tags = Array.from({ length: tags }, () => ({
      ...{ gold: 0, found: 0, right: 0, partial: 0, wrongTag: 0 },
    }));
  }

  /** @returns how many spans are missing or too many: a right one is neither */
  add(gold: readonly TokenSpan[], found: readonly TokenSpan[]): number {
    for (const { tag } of gold) this.tags[tag]!.gold++;
    let right = 0;
    for (const span of found) {
      const counts = this.tags[span.tag]!;
      counts.found++;
      const touching = gold.filter(({ first, end }) => first < span.end && span.first < end);
      const same = touching.filter(({ tag }) => tag === span.tag);
      if (same.some(({ first, end }) => first === span.first && end === span.end)) {
        counts.right++;
        right++;
      } else if (same.length > 0) {
        counts.partial++;
        this.boundaries[boundaryError(same[0]!, span)]++;
      } else if (touching.length > 0) {
        counts.wrongTag++;
        this.confuse(touching[0]!.tag, span.tag);
      }
    }
    return gold.length + found.length - 2 * right;
  }

  /** All tags together. */
  total(): SpanCounts {
    const sum = (of: keyof SpanCounts): number => this.tags.reduce((n, tag) => n + tag[of], 0);
    return {
      gold: sum('gold'),
      found: sum('found'),
      right: sum('right'),
      partial: sum('partial'),
      wrongTag: sum('wrongTag'),
    };
  }

  /** Most frequent first. */
  confusions(): TagConfusion[] {
    return [...this.confused.values()].sort(
      (a, b) => b.count - a.count || a.gold - b.gold || a.found - b.found,
    );
  }

  private confuse(gold: number, found: number): void {
    const key = `${gold} ${found}`;
    const entry = this.confused.get(key) ?? { gold, found, count: 0 };
    entry.count++;
    this.confused.set(key, entry);
  }
}

function boundaryError(gold: TokenSpan, found: TokenSpan): keyof BoundaryErrors {
  if (found.first <= gold.first && found.end >= gold.end) return 'tooLong';
  return found.first >= gold.first && found.end <= gold.end ? 'tooShort' : 'shifted';
}

/** Precision, recall and F1; null where nothing was found, or there is nothing to find. */
export interface Quality {
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

export function qualityOf({
  gold,
  found,
  right,
}: Pick<SpanCounts, 'gold' | 'found' | 'right'>): Quality {
  const precision = found === 0 ? null : right / found;
  const recall = gold === 0 ? null : right / gold;
  const sum = (precision ?? 0) + (recall ?? 0);
  const f1 =
    precision === null || recall === null || sum === 0 ? null : (2 * right) / (gold + found);
  return { precision, recall, f1 };
}
