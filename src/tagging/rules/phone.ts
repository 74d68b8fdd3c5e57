import { digitsOf, scan, standingAlone } from './patterns';
import type { Rule } from './rule';

const separator = '[ \\u00A0\\u202F\\u2010\\u2011\\u2013./-]';

/** An extension is the only thing with letters. */
const extension = '[ ,]{0,2}(?:extension|ext|x)[.:]? ?\\d{1,6}';

/**
 * Groups of digits, one of them perhaps in parentheses. Only the first may be a single digit: lists of numbers
 * are not phones.
 */
const numbers = standingAlone(
  `(?:\\(\\+?\\d{1,5}\\)|\\+?\\d{1,17})` +
    `(?:${separator}{0,2}\\(\\d{1,5}\\)|${separator}{1,2}\\d{2,14}|(?<=\\))\\d{2,14}){0,7}` +
    `(?:${extension})?`,
);

/** North America: an area begins with 2 to 9; so does an exchange, but examples and fiction have 555-123. */
const american = new RegExp(
  `^(?:\\(?\\+?1\\)?${separator}?)?(?:\\([2-9]\\d{2}\\)|[2-9]\\d{2})${separator}{0,2}` +
    `[1-9]\\d{2}${separator}?\\d{4}(?![./\\p{Pd}]?\\d)`,
  'u',
);

const date = /(?:19|20)\d\d[./-](?:0[1-9]|1[0-2])[./-]\d\d|\d\d[./-]\d\d[./-](?:19|20)\d\d/;
const extensionAtEnd = new RegExp(`${extension}$`, 'u');
const decimal = /^\d+\.\d+$/;

const international = /^\(?\+|^00[1-9]/;

function phoneLength(found: string): number {
  const core = found.replace(extensionAtEnd, '');
  if (date.test(core) || decimal.test(core)) return 0;
  const length = american.exec(core)?.[0].length ?? fittingLength(core);
  return length === core.length ? found.length : length;
}

/**
 * Drops groups at the end while there are too many digits, as where a second number follows. At most 15
 * digits (ITU-T E.164) behind + or 00, and 12 within a country; at least ten.
 */
function fittingLength(core: string): number {
  const most = core.startsWith('00') ? 17 : international.test(core) ? 15 : 12;
  let kept = core;
  while (digitsOf(kept).length > most) {
    const shorter = kept.replace(/[^\d\p{Pd}./]{1,3}\d{1,14}\)?$/u, '');
    // A dash or dot would join the rest with it.
    if (shorter === kept) return 0;
    kept = shorter;
  }
  return digitsOf(kept).length >= 10 ? kept.length : 0;
}

/** Forms that hardly anything else has: +, 00, 0 and an area, an area in parentheses, North America's. */
function looksLikePhone(found: string): boolean {
  return /^\(?\+|^00[1-9]|^\(?0[1-9]|^\(\d/.test(found) || american.test(found);
}

export const phone: Rule = {
  tag: 'PHONENUMBER',
  base: 0.5,
  keywords: {
    'phone number': 0.5,
    phone: 0.4,
    telephone: 0.4,
    tel: 0.4,
    mobile: 0.4,
    'cell phone': 0.4,
    cell: 0.3,
    fax: 0.3,
    hotline: 0.3,
    whatsapp: 0.3,
    'toll free': 0.3,
    call: 0.2,
    dial: 0.2,
    sms: 0.2,
    contact: 0.1,
  },
  find: (text) => scan(text, numbers, phoneLength),
  needsKeyword: (found) => !looksLikePhone(found),
};
