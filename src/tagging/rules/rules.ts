import { bankNumber } from './bankNumber';
import { card, cardCode } from './card';
import { email } from './email';
import { driversLicense, passport, socialSecurityNumber } from './governmentNumbers';
import { iban } from './iban';
import { ipAddress } from './ipAddress';
import { medicalLicense } from './medicalLicense';
import { phone } from './phone';
import type { Rule } from './rule';

/** Those that settle what a number is come first, the surest of them at the head. */
export const rules: readonly Rule[] = [
  iban,
  ipAddress,
  card,
  email,
  phone,
  medicalLicense,
  bankNumber,
  socialSecurityNumber,
  cardCode,
  driversLicense,
  passport,
];

/** The names of all rule tags. */
export const ruleTagNames: readonly string[] = rules.map(({ tag }) => tag);

const names: ReadonlySet<string> = new Set(ruleTagNames);

/** Whether a tag is found by a rule; names are exact, in upper case. */
export function isRuleTag(name: string): boolean {
  return names.has(name);
}
