import { canonicalName, lookAlikeKey, lookAlikeReason, visibleName } from './names';

describe('canonicalName', () => {
  it.each([
    ['re\u0301clamation', 'r\u00E9clamation'],
    ['retour\u200B', 'retour'],
    ['\uFEFFretour', 'retour'],
    ['mot\u00A0cle\u0301', 'mot cl\u00E9'],
    ['mot  \t cl\u00E9 ', 'mot cl\u00E9'],
    ['re\u00ADtour', 'retour'],
    ['\u202Aretour\u202C', 'retour'],
    ['re\u200Dtour\u200C', 'retour'],
    ['\u3000\u8FD4\u54C1\u3000', '\u8FD4\u54C1'],
    ['e\u034F\u0301', '\u00E9'],
    ['\u200B\u00A0', ''],
  ])('of %j is %j', (name, expected) => {
    expect(canonicalName(name)).toBe(expected);
    expect(canonicalName(expected)).toBe(expected);
  });

  it('keeps what shapes letters and emoji, and what is written in plain letters', () => {
    const names = [
      'Refund',
      'a b',
      '\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645',
      '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
      '\u2764\uFE0F',
      '\u0915\u094D\u200D\u0937',
      'a\u001fb',
    ];
    for (const name of names) expect(canonicalName(name)).toBe(name);
  });
});

test.each([
  ['Refund', 'refund'],
  ['Stra\u00DFe', 'STRASSE'],
  ['\uFF32efund', 'Refund'],
  ['re\uFB01ll', 'refill'],
  ['log-in', 'log\u2013in'],
  ['log_in', 'Log in'],
  ['don\u2019t', "don't"],
  ['\u0441ard', 'card'],
  ['\u2764\uFE0F', '\u2764'],
])('%j and %j look alike', (one, other) => {
  expect(canonicalName(one)).not.toBe(canonicalName(other));
  expect(lookAlikeKey(one)).toBe(lookAlikeKey(other));
});

test.each([
  ['card', 'cards'],
  ['caf\u00E9', 'cafe'],
  ['O1', '01'],
  ['-1', '1'],
  ['1', '+1'],
  ['a/b', 'a b'],
  ['re-1', 're1'],
])('%j and %j do not', (one, other) => {
  expect(lookAlikeKey(one)).not.toBe(lookAlikeKey(other));
});

test('messages say in what two names differ', () => {
  expect(lookAlikeReason('Refund', 'refund')).toBe('they differ only in upper and lower case');
  expect(lookAlikeReason('\u0441ard', 'card')).toBe(
    'they look alike and differ in their characters: \u0441 (U+0441) and c (U+0063)',
  );
});

test('messages show what nobody sees', () => {
  expect(visibleName('retour\u200B')).toBe('retour\\u{200B}');
  expect(visibleName('mot\u00A0cl\u00E9')).toBe('mot\\u{A0}cl\u00E9');
  expect(visibleName('re\u0301sume\u0301')).toBe('re\\u{301}sume\\u{301}');
  expect(visibleName('r\u00E9sum\u00E9, a b')).toBe('r\u00E9sum\u00E9, a b');
});
