import { keywordScorer } from './keywords';
import { lowerCased } from './lowerCased';
import type { Rule, Span } from './rule';
import { rules } from './rules';

/** Part of a text that a rule takes for a tag. UTF-16 offsets into the given text, end exclusive. */
export interface RuleMatch extends Span {
  tag: string;
  /** Above 0, up to 3: the rule's base score and those of the keywords near the match. */
  score: number;
}

/**
 * Below this nothing is reported. A licence or passport (0.1) and a card's code (0) so need a keyword that
 * names them: their forms are those of any number.
 */
const leastScore = 0.25;
const mostScore = 3;

const scorers = new Map(rules.map((rule) => [rule, keywordScorer(rule.keywords)]));

/**
 * All matches of these tags in a text, by start; tags without a rule have none. Matches of different tags may
 * overlap, of one tag not: the one with the higher score stays, or the longer one. Nothing overlaps a valid IBAN,
 * IP address or card number but the match of that, whether its tag was asked for or not.
 *
 * The time is linear in the length of any text: no pattern has an unbounded quantifier, none can divide the same
 * characters in two ways, and patterns begin at most once at each character; so each character costs
 * at most a constant. Memory is for the text in lower case and for the matches.
 */
export function findRuleMatches(text: string, tags: readonly string[]): RuleMatch[] {
  const wanted = rules.filter(({ tag }) => tags.includes(tag));
  if (wanted.length === 0) return [];
  const lower = lowerCased(text);
  const found: RuleMatch[] = [];
  let settled: Span[] = [];
  for (const rule of rules) {
    if (!rule.settles && !wanted.includes(rule)) continue;
    const matches = apart(bestOf(matchesOf(rule, lower)), settled);
    if (rule.settles) settled = [...settled, ...matches].sort(byPlace);
    if (wanted.includes(rule)) for (const match of matches) found.push(match);
  }
  return found.sort(byPlace);
}

function matchesOf(rule: Rule, text: string): RuleMatch[] {
  const matches: RuleMatch[] = [];
  for (const span of rule.find(text)) {
    const near = scorers.get(rule)!(text, span);
    if (near === 0 && rule.needsKeyword?.(text.slice(span.start, span.end))) continue;
    const score = Math.min(mostScore, rule.base + near);
    if (score >= leastScore) matches.push({ ...span, tag: rule.tag, score });
  }
  return matches.sort(byPlace);
}

/** Of matches that overlap, the better one. */
function bestOf(matches: readonly RuleMatch[]): RuleMatch[] {
  const kept: RuleMatch[] = [];
  for (const match of matches) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= match.start) kept.push(match);
    else if (isBetter(match, last)) kept[kept.length - 1] = match;
  }
  return kept;
}

function isBetter(one: RuleMatch, other: RuleMatch): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return one.end - one.start > other.end - other.start;
}

/** The matches that overlap none of the settled parts; both in order of the text. */
function apart(matches: readonly RuleMatch[], settled: readonly Span[]): RuleMatch[] {
  let next = 0;
  return matches.filter(({ start, end }) => {
    while (next < settled.length && settled[next]!.end <= start) next += 1;
    return next === settled.length || settled[next]!.start >= end;
  });
}

function byPlace(one: Span, other: Span): number {
  return one.start - other.start || other.end - one.end;
}
