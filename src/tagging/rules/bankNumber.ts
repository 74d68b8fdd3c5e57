import { scan, standingAlone, wholeIf } from './patterns';
import type { Rule } from './rule';

/** Account numbers of banks in the US have 8 to 17 digits, routing numbers nine. */
const numbers = standingAlone('\\d{8,17}');

const date = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;

/** ABA routing transit number: a district of the Federal Reserve and a check digit. */
function isRoutingNumber(digits: string): boolean {
  if (!/^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(digits)) return false;
  const weights = [3, 7, 1];
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * weights[i % 3]!;
  return sum > 0 && sum % 10 === 0;
}

export const bankNumber: Rule = {
  tag: 'BANK_NUMBER',
  base: 0.3,
  keywords: {
    'account number': 0.6,
    'bank account': 0.6,
    account: 0.4,
    acct: 0.4,
    'routing number': 0.6,
    routing: 0.5,
    aba: 0.4,
    bank: 0.3,
    checking: 0.3,
    saving: 0.2,
    deposit: 0.2,
    wire: 0.2,
  },
  find: (text) =>
    scan(
      text,
      numbers,
      wholeIf((found) => !date.test(found)),
    ),
  // Eight to 17 digits may number anything.
  needsKeyword: (found) => !isRoutingNumber(found),
};
