export { findRuleMatches, type RuleMatch } from './findRuleMatches';
export { isRuleTag, ruleTagNames } from './rules';
