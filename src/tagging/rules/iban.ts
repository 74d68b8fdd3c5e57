import { ibanLengths } from './ibanLengths';
import { gap, scan, standingAlone } from './patterns';
import type { Rule } from './rule';

/** A country, two check digits and up to 29 more characters; words that follow may be among them. */
const numbers = standingAlone(`[a-z]{2}\\d{2}(?:${gap}?[a-z\\d]){11,29}`);

/** How much of what was found is an IBAN: as much as its country's have, if the word ends there. */
function ibanLength(found: string): number {
  const wanted = ibanLengths.get(found.slice(0, 2));
  if (wanted === undefined) return 0;
  let characters = 0;
  let end = 0;
  while (characters < wanted && end < found.length) {
    if (/[a-z\d]/.test(found[end]!)) characters += 1;
    end += 1;
  }
  const iban = found.slice(0, end);
  const goesOn = /^(?:[a-z\d]|\p{Pd}\d)/u.test(found.slice(end, end + 2));
  if (characters < wanted || goesOn || !hasIbanWords(iban)) return 0;
  return passesMod97(iban.replace(/[^a-z\d]/g, '')) ? end : 0;
}

/** Groups without a digit have four letters, as printed bank codes do: other words are of the sentence. */
function hasIbanWords(iban: string): boolean {
  return iban.split(/[^a-z\d]/).every((word) => word.length === 4 || /\d/.test(word));
}

/** ISO/IEC 7064, MOD 97-10: the first four characters moved to the end, letters as 10 to 35. */
function passesMod97(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

export const iban: Rule = {
  tag: 'IBAN',
  base: 0.9,
  keywords: {
    iban: 0.6,
    'bank account': 0.4,
    account: 0.2,
    bank: 0.2,
    bic: 0.2,
    swift: 0.2,
    sepa: 0.2,
    transfer: 0.1,
  },
  find: (text) => scan(text, numbers, ibanLength),
  settles: true,
};
