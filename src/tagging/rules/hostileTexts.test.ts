import { findRuleMatches, ruleTagNames } from '.';

/**
 * A hundred thousand characters take a fraction of a second. If the time grew with the square of the length, it would be
 * minutes: that the tests end shows that it does not, on a machine however busy.
 */
const length = 100_000;

test.each([
  ...[
    '1',
    'a',
    '1-',
    '1-1-1-',
    '11 ',
    '1234 ',
    '4111 ',
    '1.',
    '1.1.1.',
    '1/',
    '(1)',
    '(',
    '+1',
    '+',
  ],
  ...[
    'a@',
    '@',
    'a@a.',
    'a.',
    'a-',
    'a.a.a.',
    `${'a'.repeat(64)}@`,
    ':',
    ':::',
    '1:',
    '::1 ',
    'a:',
  ],
  ...['de89', 'de89 ', 'ab12 34', 'card ', 'credit_', 'x 5', '1 x', 'İ', '\ud800', '🙂', ' ', '\0'],
])('a hundred thousand characters of %j are read in linear time', (part) => {
  const text = part.repeat(Math.ceil(length / part.length));
  expect(Array.isArray(findRuleMatches(text, ruleTagNames))).toBe(true);
});

test('each of many matches is found', () => {
  const [ssn, count] = ['123-45-6789 ', 20_000];
  expect(findRuleMatches(ssn.repeat(count), ['SSN'])).toHaveLength(count);
});

test('a match behind ten million characters is found at its place', () => {
  const filler = 'The quick brown fox. '.repeat(500_000);
  const [match, ...others] = findRuleMatches(`${filler}ann@example.com`, ['EMAIL']);
  expect(match).toMatchObject({ start: filler.length, end: filler.length + 15 });
  expect(others).toEqual([]);
});
