import { randomAt, randomBelow } from '../../src/ml/random/counterRandom';
import type { Row } from '../accuracy/datasets';

const vocabulary = 20_000;
const numbersPerRow = 16;

/** A row of ten words: four of the few that its label uses, six of all, some of which are far more frequent. */
export function madeUpRow(key: number, row: number, labels: number): Row {
  const label = row % labels;
  const number = (i: number): number => numbersPerRow * row + i;
  const words = Array.from({ length: 10 }, (_, i) => {
    if (i < 4) return word((5 * label + randomBelow(key, number(i), 5)) % vocabulary);
    const share = [i, i + 6].map((at) => randomAt(key, number(at)) / 2 ** 32);
    return word(Math.floor(vocabulary * share[0]! * share[1]!));
  });
  return { text: words.join(' '), label: `label ${label}` };
}

/** Two to four syllables and a number, so that words share character n-grams as real ones do. */
function word(index: number): string {
  let rest = (index * 7919 + 13) >>> 0;
  let syllables = '';
  for (let i = 0; i < 2 + (index % 3); i++) {
    syllables += 'bcdfghklmnprstvz'[rest % 16]! + 'aeiou'[(rest >>> 4) % 5]!;
    rest = (Math.imul(rest, 31) + 7) >>> 0;
  }
  return syllables + String(index % 97);
}
