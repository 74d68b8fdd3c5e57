import type { RuleMatch } from '../../../tagging/rules';
import { inTextOrder, type Span } from '../../../tagging/span';

/** A span that was found, and why. */
export interface TaggedSpan extends Span {
  /** How sure the model is, 0 to 1: of learned tags a probability, of rules their score, at most 1. */
  confidence: number;
  /** `both`: learned and found by a rule. */
  source: 'learned' | 'rule' | 'both';
}

interface Candidate extends Span {
  score: number;
  source: TaggedSpan['source'];
}

/**
 * Joins what was learned and what rules found. A rule outweighs being outside. Where both have a span the scores of equal
 * tags add up, and of different tags the higher stays; so it is among rules. Ties go to what stands first.
 *
 * @param learned in their order, without overlaps
 * @param matches by start
 */
export function combineSpans(
  learned: readonly (Span & { confidence: number })[],
  matches: readonly RuleMatch[],
): TaggedSpan[] {
  const candidates: Candidate[] = learned.map(({ start, end, tag, confidence }) => ({
    ...{ start, end, tag, score: confidence },
    source: 'learned',
  }));
  let first = 0;
  for (const { start, end, tag, score } of matches) {
    while (first < learned.length && learned[first]!.end <= start) first++;
    let own: Candidate = { start, end, tag, score, source: 'rule' };
    for (let i = first; i < learned.length && learned[i]!.start < end; i++) {
      if (learned[i]!.tag !== tag) continue;
      own = {
        start: Math.min(start, learned[i]!.start),
        end: Math.max(end, learned[i]!.end),
        tag,
        score: score + learned[i]!.confidence,
        source: 'both',
      };
      break;
    }
    candidates.push(own);
  }
  return withoutOverlaps(candidates).map(({ score, ...span }) => ({
    ...span,
    confidence: Math.min(1, score),
  }));
}

/**
 * Of candidates that overlap those with the higher scores. Overlaps are looked for in runs of
 * touching candidates, which are short.
 */
function withoutOverlaps(candidates: Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  let run: Candidate[] = [];
  let runEnd = 0;
  for (const candidate of candidates.sort(inTextOrder)) {
    if (candidate.start >= runEnd) {
      kept.push(...bestOf(run));
      run = [];
    }
    run.push(candidate);
    runEnd = Math.max(runEnd, candidate.end);
  }
  kept.push(...bestOf(run));
  return kept;
}

function bestOf(run: readonly Candidate[]): Candidate[] {
  if (run.length < 2) return [...run];
  const kept: Candidate[] = [];
  for (const candidate of run.toSorted((a, b) => b.score - a.score || inTextOrder(a, b))) {
    const isFree = kept.every(({ start, end }) => end <= candidate.start || candidate.end <= start);
    if (isFree) kept.push(candidate);
  }
  return kept.sort(inTextOrder);
}
