import { defaultFeaturizer, familyStarts } from './featurizerSpec';
import { Featurizer } from './featurizer';
import { Vectorizer } from './vectorizer';

/** A model that knows every n-gram of these texts, with scale 1. */
function knowing(...texts: string[]): Vectorizer {
  const featurizer = new Featurizer(defaultFeaturizer);
  const buckets = new Set<number>();
  for (const text of texts) {
    const found = featurizer.count(text);
    for (let i = 0; i < found.size; i++) buckets.add(found.buckets[i]!);
  }
  const sorted = Uint32Array.from(buckets).sort();
  return new Vectorizer(defaultFeaturizer, {
    buckets: sorted,
    scales: new Float32Array(sorted.length).fill(1),
  });
}

function words(text: string): string[] {
  return knowing(text)
    .explain(text)
    .filter((feature) => feature.unit === 'word')
    .map((feature) => feature.feature);
}

function sameFeatures(a: string, b: string): void {
  const vectorizer = knowing(a, b);
  expect(vectorizer.vectorize(a)).toEqual(vectorizer.vectorize(b));
}

test('cedilla and comma-below letters of Romanian give the same features', () => {
  sameFeatures('\u015Ei \u0163ara\u015F', '\u0218i \u021Bara\u0219');
});

test('composed and decomposed letters, wide forms and letter case give the same features', () => {
  sameFeatures('CAFE\u0301 ABC', 'caf\u00E9 \uFF21\uFF22\uFF23');
});

test('a text without spaces in Chinese or Japanese gives a token per character', () => {
  expect(words('\u5929\u6C14\u597D')).toEqual([
    '\u5929',
    '\u5929\u6C14',
    '\u6C14',
    '\u6C14\u597D',
    '\u597D',
  ]);
});

test('an emoji stays whole with its skin tone, its joined parts or its flag', () => {
  const family = '\u{1F469}\u200D\u{1F469}\u200D\u{1F467}';
  const thumb = '\u{1F44D}\u{1F3FD}';
  const flag = '\u{1F1F7}\u{1F1F4}';
  expect(words(`${family}${thumb}${flag}`).filter((word) => word.length > 0)).toEqual(
    expect.arrayContaining([family, thumb, flag]),
  );
  sameFeatures('I \u2764 it', 'I \u2764\uFE0F it');
});

test('each family of a text has length 1', () => {
  const { rows, values } = knowing('the cat sat on the mat').vectorize('the cat sat on the mat');
  const norm = values.reduce((sum, value) => sum + value * value, 0);
  expect(rows.length).toBeGreaterThan(20);
  expect(norm).toBeCloseTo(2, 5);
});

test('n-grams that the model does not know are left out', () => {
  const vectorizer = knowing('good film');
  expect(vectorizer.vectorize('zzz qqq').rows.length).toBe(0);
  expect(vectorizer.vectorize('').rows.length).toBe(0);
});

test('a repeated n-gram counts by 1 + ln of its count', () => {
  const { values, rows } = knowing('a b').vectorize('b b b b a');
  const explained = new Map(
    knowing('a b')
      .explain('b b b b a')
      .filter((f) => f.unit === 'word')
      .map((f) => [f.feature, f.value]),
  );
  expect(rows.length).toBe(values.length);
  expect(explained.get('b')! / explained.get('a')!).toBeCloseTo(1 + Math.log(4), 4);
});

test('char n-grams carry the space at the ends of a piece', () => {
  const features = knowing('ab').explain('ab');
  const chars = features.filter((f) => f.unit === 'char').map((f) => f.feature);
  expect(chars.sort()).toEqual([' a', ' ab', ' ab ', 'ab', 'ab ', 'b '].sort());
});

test('only the first characters of a very long text are read', () => {
  const start = 'x'.repeat(defaultFeaturizer.maxCharacters);
  sameFeatures(`${start} one`, `${start} two`);
});

test('families own separate parts of the bucket space', () => {
  const [, middle, end] = familyStarts(defaultFeaturizer);
  const { buckets, size } = new Featurizer(defaultFeaturizer).count('hello world');
  const all = Array.from(buckets.subarray(0, size));
  expect(all.filter((bucket) => bucket < middle!).length).toBe(3);
  expect(Math.max(...all)).toBeLessThan(end!);
});
