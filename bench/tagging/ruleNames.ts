import type { TaggedRow } from './taggedRow';

/** Types of the set of personal data that a rule tag of ours means too, with its name. */
export const ruleNames: Record<string, string> = {
  CREDIT_CARD: 'CREDITCARDNUMBER',
  EMAIL_ADDRESS: 'EMAIL',
  IBAN_CODE: 'IBAN',
  IP_ADDRESS: 'IPADDRESS',
  PHONE_NUMBER: 'PHONENUMBER',
  US_DRIVER_LICENSE: 'USDRIVERSLICENSE',
  US_SSN: 'SSN',
};

const typeNames = Object.fromEntries(Object.entries(ruleNames).map(([type, rule]) => [rule, type]));

/** The rows with the names of rules where there are such. */
export function withRuleNames(rows: readonly TaggedRow[]): TaggedRow[] {
  return rows.map((row) => ({
    ...row,
    spans: row.spans.map(([start, end, tag]) => [start, end, ruleNames[tag] ?? tag]),
  }));
}

/** The name that the set has for a tag. */
export function typeOf(tag: string): string {
  return typeNames[tag] ?? tag;
}
