import type { RuleMatch } from '../../../tagging/rules';
import { inTextOrder, type Span } from '../../../tagging/span';

/** A span that was found, and why. */
export interface TaggedSpan extends Span {
  /** How sure the model is, 0 to 1: of learned tags a probability, of rules their score, at most 1. */
  confidence: number;
  /** `both`: learned and found by a rule. */
  source: 'learned' | 'rule' | 'both';
}

/**
 * Joins what was learned and what rules found. A rule outweighs being outside. Where both have a span the scores of equal
 * tags add up, and of different tags the higher stays; so it is among rules. Ties go to what stands first.
 */
export function combineSpans(
  learned: readonly (Span & { confidence: number })[],
  matches: readonly RuleMatch[],
): TaggedSpan[] {
  const scored = [
    ...matches.map(({ start, end, tag, score }) => ({
      start,
      end,
      tag,
      score,
      source: 'rule' as const,
    })),
    ...learned.map(({ confidence, ...span }) => ({
      ...span,
      score: confidence,
      source: 'learned' as const,
    })),
  ];
  const candidates = scored.map((one): TaggedSpan & { score: number } => {
    const partner = scored.find(
      (other) => other.source !== one.source && other.tag === one.tag && overlap(one, other),
    );
    if (!partner) return { ...one, confidence: Math.min(1, one.score) };
    const score = one.score + partner.score;
    const [start, end] = [Math.min(one.start, partner.start), Math.max(one.end, partner.end)];
    return { start, end, tag: one.tag, score, confidence: Math.min(1, score), source: 'both' };
  });
  const kept: (TaggedSpan & { score: number })[] = [];
  for (const span of candidates.sort((a, b) => b.score - a.score || inTextOrder(a, b))) {
    if (!kept.some((other) => overlap(span, other))) kept.push(span);
  }
  return kept
    .sort(inTextOrder)
    .map(({ start, end, tag, confidence, source }) => ({ start, end, tag, confidence, source }));
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
