import { keywordScorer } from './keywords';
import { lowerCased } from './lowerCased';

const score = keywordScorer({ card: 0.2, 'credit card': 0.5, phone: 0.3 });
/** Around the only `#` of a text. */
const around = (text: string) =>
  score(text, { start: text.indexOf('#'), end: text.indexOf('#') + 1 });

test('each keyword counts once, on either side', () => {
  expect(['#', 'card #', '# card', 'card # card, cards', 'phone # card'].map(around)).toEqual([
    0, 0.2, 0.2, 0.2, 0.5,
  ]);
});

test('a keyword counts as the longest phrase it is part of', () => {
  expect(
    ['credit card #', 'credit_card #', 'creditcard #', 'card, credit card #'].map(around),
  ).toEqual([0.5, 0.5, 0.5, 0.7]);
});

test('part of a word is no keyword', () => {
  expect(['discard #', 'cardigan #', 'écard #', 'card1 #', '_card_ #'].map(around)).toEqual([
    0, 0, 0, 0, 0.2,
  ]);
});

test('a keyword lies within 30 characters, all of it', () => {
  const space = (count: number) => ' '.repeat(count);
  expect(around(`card${space(26)}#`)).toBe(0.2);
  expect(around(`card${space(27)}#`)).toBe(0);
  expect(around(`#${space(26)}card`)).toBe(0.2);
  expect(around(`#${space(27)}card`)).toBe(0);
  expect(around(`discard${space(26)}#`)).toBe(0);
  expect(around(`#${space(26)}cardigan`)).toBe(0);
});

test('every character in lower case has the length that it had', () => {
  const all = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
  expect(all.filter((character) => lowerCased(character).length !== character.length)).toEqual([]);
  expect(lowerCased('AİΣ’ 🙂')).toBe("aiς' 🙂");
});
