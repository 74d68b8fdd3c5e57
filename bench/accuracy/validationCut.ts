import { randomAt, streamKey } from '../../src/ml/random/counterRandom';
import type { Row, TextSet } from './datasets';

const seed = 11;
/** Share of the train rows that a validation part gets. */
const share = 0.2;
/** Sentences that the validation part of sst2 gets: about as many as its dev part. */
const sentences = 1000;

/**
 * Splits the train part of a set into a smaller train part and a validation part; the set's own test
 * part plays no role. Equal texts stay together.
 */
export function validationCut(name: string, train: Row[]): TextSet {
  if (name === 'sst2') return cutSentences(train);
  const key = streamKey(seed, 1);
  const places = new Map<string, number>();
  const cut: TextSet = { train: [], test: [] };
  train.forEach((row, i) => {
    const place = places.get(row.text) ?? randomAt(key, i) / 4294967296;
    places.set(row.text, place);
    (place < share ? cut.test : cut.train).push(row);
  });
  return cut;
}

/**
 * The train part of sst2 holds phrases of sentences, its dev part whole sentences that no train phrase
 * comes from. So whole sentences are put aside, with all phrases that stand in one of them.
 */
function cutSentences(train: Row[]): TextSet {
  const texts = train.map((row) => ` ${row.text.trim()} `);
  const long = [...texts.keys()].filter((i) => texts[i]!.split(' ').length >= 12);
  const key = streamKey(seed, 2);
  const order = long.sort((a, b) => randomAt(key, a) - randomAt(key, b));
  const chosen: number[] = [];
  for (const row of order) {
    if (chosen.length === sentences) break;
    if (!chosen.some((other) => overlaps(texts[row]!, texts[other]!))) chosen.push(row);
  }
  const phrases = new Set(chosen.flatMap((row) => phrasesOf(texts[row]!)));
  return {
    train: train.filter((_, i) => !phrases.has(texts[i]!)),
    test: chosen.map((row) => train[row]!),
  };
}

function overlaps(a: string, b: string): boolean {
  return a.includes(b) || b.includes(a);
}

function phrasesOf(text: string): string[] {
  const words = text.trim().split(/\s+/);
  return words.flatMap((_, from) =>
    words.slice(from).map((_, length) => ` ${words.slice(from, from + length + 1).join(' ')} `),
  );
}
