import { passesLuhn } from './luhn';
import { digitsOf, gap, scan, standingAlone } from './patterns';
import type { Rule } from './rule';

/** 12 to 19 digits (ISO/IEC 7812-1), in groups of at least three behind a first one of four. */
const numbers = standingAlone(`\\d{4}(?:\\d|${gap}(?=\\d{3})\\d){8,15}`);

/**
 * First digits of payment networks: 3 to 6, Mastercard and Mir among 22 to 27, RuPay and UnionPay in 81.
 * Without them a tenth of all clock times in milliseconds and of other long numbers would be cards.
 */
const networks = /^(?:[3-6]|2[2-7]|81)/;

const lastGroup = /[\s\u2010\u2011\u2013-]\d{1,19}$/u;

/** A number may be followed by others, such as its CVV: then the groups at its end are not part of it. */
function cardLength(found: string): number {
  if (!networks.test(found)) return 0;
  for (let number = found; ;) {
    const digits = digitsOf(number);
    if (digits.length < 12) return 0;
    if (passesLuhn(digits)) return number.length;
    const cut = number.search(lastGroup);
    // A dash would join the rest with it.
    if (cut < 0 || !/\s/u.test(number[cut]!)) return 0;
    number = number.slice(0, cut);
  }
}

export const card: Rule = {
  tag: 'CREDITCARDNUMBER',
  base: 1.8,
  keywords: {
    'credit card': 0.6,
    'debit card': 0.6,
    'card number': 0.6,
    card: 0.4,
    visa: 0.4,
    mastercard: 0.4,
    'american express': 0.4,
    amex: 0.4,
    discover: 0.2,
    'diners club': 0.4,
    maestro: 0.4,
    unionpay: 0.4,
    jcb: 0.3,
    cc: 0.2,
    payment: 0.1,
    expire: 0.1,
  },
  find: (text) => scan(text, numbers, cardLength),
  settles: true,
};

/** Three digits, or four on American Express; four that read as a year are more likely one. */
const codes = standingAlone(
  '(?<![/#$€£¥]|(?<!\\d)\\d{1,3},)(?!(?:19|20)\\d\\d)\\d{3,4}(?![/%]|,\\d{3}(?!\\d))',
);

export const cardCode: Rule = {
  tag: 'CREDITCARDCVV',
  base: 0,
  keywords: {
    cvv: 0.9,
    cvv2: 0.9,
    cvc: 0.9,
    cvc2: 0.9,
    csc: 0.6,
    'security code': 0.8,
    'verification code': 0.3,
    'verification value': 0.6,
    'credit card': 0.2,
    // Alone it is not enough: any amount may stand near a card.
    card: 0.2,
  },
  find: (text) => scan(text, codes, (found) => found.length),
};
