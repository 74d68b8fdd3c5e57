import { readTokenizer } from '../ml/transformers/files/tokenizer/tokenizer';
import { tinyTokenizer } from '../ml/transformers/testing/tinyTokenizer';
import { tokenize } from '../tagging/tokens';
import { WordReader } from './wordReader';

const words = ['ana', 'lives', 'in', 'rome'];
const tokenizer = readTokenizer(Buffer.from(JSON.stringify(tinyTokenizer(words))));
const windowsOf = (text: string, length: number) =>
  new WordReader(tokenizer, length).windows(text, tokenize(text, 'whitespace'));
const idOf = (word: string) => tokenizer.tokens(word).ids[0]!;

test('each word is read by its first token, after the special ones', () => {
  const [window, ...more] = windowsOf(' Ana  romes in', 32);
  expect(more).toEqual([]);
  expect([...window!.words]).toEqual([0, 1, 2]);
  // rome, ##s: two tokens of one word.
  expect([...window!.places]).toEqual([1, 2, 4]);
  expect(window!.ids[1]).toBe(idOf('ana'));
  expect(window!.ids[4]).toBe(idOf('in'));
});

test('a text without words has no window', () => {
  expect(windowsOf(' \n ', 32)).toEqual([]);
});

test('a word of which the tokenizer keeps nothing is unknown', () => {
  const [window] = windowsOf('ana \u200B\uFE0F rome', 32);
  expect([...window!.places]).toEqual([1, 2, 3]);
  expect(window!.ids[2]).toBe(tokenizer.unknownId);
});

test.each([8, 12, 20])(
  'a long text is cut so that each word is in one window of %d tokens, with words before and behind',
  (length) => {
    const text = Array.from({ length: 100 }, (_, i) => words[i % 4]!).join(' ');
    const windows = windowsOf(text, length);
    expect(windows.flatMap((window) => [...window.words])).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    const margin = (length - 2) >> 3;
    for (const [i, { ids, places }] of windows.entries()) {
      expect(ids.length).toBeLessThanOrEqual(length);
      if (i > 0) expect(places[0]).toBeGreaterThanOrEqual(1 + margin);
      if (i < windows.length - 1) {
        expect(places.at(-1)).toBeLessThanOrEqual(ids.length - 2 - margin);
      }
    }
  },
);

test('a word longer than a window is read by its beginning', () => {
  const windows = windowsOf(`ana ${'q'.repeat(90)} rome`, 10);
  expect(windows.flatMap((window) => [...window.words])).toEqual([0, 1, 2]);
  for (const { ids } of windows) expect(ids.length).toBeLessThanOrEqual(10);
});
