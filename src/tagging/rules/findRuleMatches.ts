import { keywordScorer } from './keywords';
import { lowerCased } from './lowerCased';
import { apart, bestOf, byPlace } from './overlaps';
import type { Rule, RuleMatch, Span } from './rule';
import { rules } from './rules';

/**
 * Below this nothing is reported. A licence or passport (0.1) and a card's code (0) therefore need a keyword
 * that names them: their forms are those of any number.
 */
const leastScore = 0.25;
const mostScore = 3;

const scorers = new Map(rules.map((rule) => [rule, keywordScorer(rule.keywords)]));

/**
 * All matches of these tags in a text, by start; tags without a rule have none. Matches of different tags may
 * overlap, of one tag not: the one with the higher score stays, or the longer one. Nothing overlaps a valid IBAN,
 * IP address or card number but the match of that, whether its tag was asked for or not.
 *
 * The time is linear in the length of any text: every quantifier in every pattern has a small bound, a pattern
 * begins at most once at each character, and what is checked further is no longer than a match; so each
 * character costs at most a constant. Memory is for the text in lower case and for the matches.
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
