import { scan, standingAlone, wholeIf } from './patterns';
import type { Rule } from './rule';

/** Number of the Drug Enforcement Administration: kind of registrant, initial of the name or 9, digits. */
const numbers = standingAlone('[abcdefghjklmprstux][a-z9]\\d{7}');

/** The last digit is that of the sum of the 1st, 3rd and 5th and twice the 2nd, 4th and 6th (21 CFR 1301). */
function hasCheckDigit(found: string): boolean {
  const [a, b, c, d, e, f, check] = Array.from(found.slice(2), Number) as [
    ...[number, number, number, number, number, number, number],
  ];
  return (a + c + e + 2 * (b + d + f)) % 10 === check;
}

export const medicalLicense: Rule = {
  tag: 'MEDICAL_LICENSE',
  base: 0.3,
  keywords: {
    'dea number': 0.7,
    dea: 0.6,
    'medical license': 0.6,
    'medical licence': 0.6,
    prescriber: 0.3,
    prescription: 0.2,
    physician: 0.3,
    doctor: 0.2,
    pharmacy: 0.2,
    license: 0.2,
    licence: 0.2,
    dr: 0.1,
    md: 0.1,
  },
  find: (text) => scan(text, numbers, wholeIf(hasCheckDigit)),
};
