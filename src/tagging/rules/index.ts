export { findRuleMatches } from './findRuleMatches';
export type { RuleMatch } from './rule';
export { isRuleTag, ruleTagNames } from './rules';
