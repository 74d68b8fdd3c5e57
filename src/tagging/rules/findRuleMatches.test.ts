import fc from 'fast-check';
import { findRuleMatches, isRuleTag, ruleTagNames } from '.';

test('the tags of rules are known by their exact names', () => {
  expect([...ruleTagNames].sort()).toEqual([
    'BANK_NUMBER',
    'CREDITCARDCVV',
    'CREDITCARDNUMBER',
    'EMAIL',
    'IBAN',
    'IPADDRESS',
    'MEDICAL_LICENSE',
    'PHONENUMBER',
    'SSN',
    'USDRIVERSLICENSE',
    'USPASSPORT',
  ]);
  expect(['EMAIL', 'email', 'PERSON', ''].map(isRuleTag)).toEqual([true, false, false, false]);
});

test('matches stand in the order of the text, at offsets of the text as it was given', () => {
  const text =
    'İ🙂 call 555-123-4567\0 or \ud800 Ann@Example.com, \u05E9\u05DC\u05D5\u05DD 10.0.0.1';
  const matches = findRuleMatches(text, ruleTagNames);
  expect(matches.map(({ start, end, tag }) => [tag, text.slice(start, end)])).toEqual([
    ['PHONENUMBER', '555-123-4567'],
    ['EMAIL', 'Ann@Example.com'],
    ['IPADDRESS', '10.0.0.1'],
  ]);
  expect(matches[0]).toMatchObject({ start: 9, end: 21 });
});

test('only tags that were asked for are found, and those without a rule have no matches', () => {
  const text = 'ann@example.com 10.0.0.1';
  expect(findRuleMatches(text, ['EMAIL', 'PERSON']).map(({ tag }) => tag)).toEqual(['EMAIL']);
  expect(findRuleMatches(text, [])).toEqual([]);
});

test('matches of different tags may overlap, so that the caller can choose', () => {
  const found = findRuleMatches('account or passport 021000021', ['BANK_NUMBER', 'USPASSPORT']);
  expect(found.map(({ tag, start }) => [tag, start])).toEqual([
    ['BANK_NUMBER', 20],
    ['USPASSPORT', 20],
  ]);
});

test('a score is at most 3', () => {
  const words = 'visa card, cc, amex 4111111111111111 credit card, debit card, card number';
  const [match] = findRuleMatches(words, ['CREDITCARDNUMBER']);
  expect(match?.score).toBe(3);
});

const parts = [
  ...[
    '4111 1111 1111 1111',
    '555-123-4567',
    'DE89370400440532013000',
    'a@b.com',
    '::1',
    '10.0.0.1',
  ],
  ...['ssn', 'passport', 'account', 'cvv', 'phone', '123', '021000021', '123-45-6789', 'ext. 5'],
  ...['+', '(', ')', '.', '-', ' ', ':', '@', '/', 'İ', '１', '\ud800', '🙂', '\0', '\u202E'],
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((some) => some.join('')),
  fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((some) => some.join(' ')),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

test('for any text, matches lie within it, in order, and those of one tag apart', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const matches = findRuleMatches(text, ruleTagNames);
      const ends = new Map<string, number>();
      let previous = 0;
      for (const { start, end, tag, score } of matches) {
        expect(start).toBeGreaterThanOrEqual(Math.max(previous, ends.get(tag) ?? 0));
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(score > 0 && score <= 3).toBe(true);
        previous = start;
        ends.set(tag, end);
      }
    }),
    { numRuns: 500 },
  );
});

test('a tag is found in the same places alone and among all', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(...ruleTagNames), (text, tag) => {
      const among = findRuleMatches(text, ruleTagNames).filter((match) => match.tag === tag);
      expect(findRuleMatches(text, [tag])).toEqual(among);
    }),
  );
});
