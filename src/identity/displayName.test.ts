import { displayName, nameKeys } from './displayName';

const same = (one: string, other: string): boolean => {
  const [a, b] = [nameKeys(displayName('name', one, 50)), nameKeys(displayName('name', other, 50))];
  return a.folded === b.folded || a.look === b.look;
};

describe('displayName', () => {
  it('has one spelling', () => {
    expect(displayName('username', '  Ana\u00a0 Mari\u0063\u030c ', 50)).toBe('Ana Marič');
  });

  it.each([
    ['right-to-left override', 'ana\u202e', 'U+202E'],
    ['zero-width space', 'ad\u200bmin', 'U+200B'],
    ['zero-width joiner', 'a\u200d', 'U+200D'],
    ['line break', 'ana\r\n', 'U+000D'],
    ['soft hyphen', 'ad\u00admin', 'U+00AD'],
    ['Hangul filler', '\u3164', 'U+3164'],
    ['half of a surrogate pair', 'a\ud83d', 'U+D83D'],
    ['NUL', 'a\0', 'U+0000'],
    ['tag', 'a\u{e0041}', 'U+E0041'],
  ])('has no %s', (_, text, shown) => {
    expect(() => displayName('username', text, 50)).toThrow(
      `username: must not contain invisible characters, ${shown} is one`,
    );
  });

  it('is neither empty nor too long', () => {
    expect(() => displayName('username', ' \u3000', 50)).toThrow('username: must not be empty');
    expect(() => displayName('name', 'x'.repeat(51), 50)).toThrow('50 characters at most');
  });

  it.each(['țară', '山田 太郎', 'Иван', 'O’Brien', '👩 ana', 'user-1_a.b@c'])(
    'may be %s',
    (name) => {
      expect(displayName('username', name, 50)).toBe(name);
    },
  );
});

describe('nameKeys', () => {
  it.each([
    ['Admin', 'admin'],
    ['admin ', 'admin'],
    ['аdmin', 'admin'],
    ['АDMIN', 'admin'],
    ['ａｄｍｉｎ', 'admin'],
    ['AIice', 'Alice'],
    ['r00t', 'rOOt'],
    ['Cafe\u0301', 'café'],
    ['Straße', 'STRASSE'],
    ['ΣΟΦΟΣ', 'σοφος'],
  ])('are shared by %s and %s', (one, other) => expect(same(one, other)).toBe(true));

  it.each([
    ['ana', 'anna'],
    ['Ian', 'Lan'],
    ['user-1', 'user-2'],
    ['ana', 'ană'],
    ['ad min', 'admin'],
    ['Иван', 'Ивана'],
  ])('tell %s from %s', (one, other) => expect(same(one, other)).toBe(false));
});
