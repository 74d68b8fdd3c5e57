import fc from 'fast-check';
import { characterOffsets } from './textOffsets';
import { tokenize, wordsOf } from './tokens';

const words = (text: string, unit: 'whitespace' | 'words') => wordsOf(text, tokenize(text, unit));

test('tokens are what stands between white space, as in Python', () => {
  expect(words(' a\u00A0b\u3000c\u001cd\te ', 'whitespace')).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(words('', 'whitespace')).toEqual([]);
});

test('words are without the signs at their ends and the English possessive', () => {
  expect(words('("London\'s", U.S.) 12-34 --', 'words')).toEqual([
    ...['(', '"', 'London', "'s", '"', ',', 'U.S', '.', ')', '12-34', '-', '-'],
  ]);
  expect(words('\u{1F600}hi\u{1F600} e\u0301', 'words')).toEqual([
    ...['\u{1F600}', 'hi', '\u{1F600}', 'e\u0301'],
  ]);
});

test('tokens of either unit stand in order, apart, and hold all but white space', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('whitespace', 'words'),
      (text, unit) => {
        const { starts, ends } = tokenize(text, unit);
        let at = 0;
        for (let i = 0; i < starts.length; i++) {
          expect(text.slice(at, starts[i])).toMatch(/^[\p{White_Space}\p{Cc}]*$/u);
          expect(ends[i]!).toBeGreaterThan(starts[i]!);
          at = ends[i]!;
        }
        expect(text.slice(at)).toMatch(/^[\p{White_Space}\p{Cc}]*$/u);
      },
    ),
  );
});

test('offsets for callers count characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const at = characterOffsets(text);
      let units = 0;
      Array.from(text).forEach((character, i) => {
        expect(at(units)).toBe(i);
        units += character.length;
      });
      expect(at(units)).toBe(Array.from(text).length);
    }),
  );
});
