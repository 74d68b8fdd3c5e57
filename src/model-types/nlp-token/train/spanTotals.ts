import type { TokenSpan } from '../../../tagging/tagLabels';

/** Counts spans that are exactly right. */
export class SpanTotals {
  private gold = 0;
  private found = 0;
  private right = 0;

  add(gold: readonly TokenSpan[], found: readonly TokenSpan[]): void {
    const wanted = new Set(gold.map(keyOf));
    this.gold += gold.length;
    this.found += found.length;
    this.right += found.filter((span) => wanted.has(keyOf(span))).length;
  }

  /** null where the data has no spans. */
  get f1(): number | null {
    return this.gold === 0 ? null : (2 * this.right) / (this.gold + this.found);
  }
}

function keyOf({ first, end, tag }: TokenSpan): string {
  return `${first} ${end} ${tag}`;
}
