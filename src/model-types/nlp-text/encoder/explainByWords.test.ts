import { explainByWords } from './explainByWords';

/** A model whose logit counts "good" for class 0 and "bad" for class 1. */
const counting = (texts: string[]): Promise<Float64Array[]> =>
  Promise.resolve(
    texts.map((text) =>
      Float64Array.of(
        text.split('good').length - text.split('bad').length,
        text.split('bad').length - text.split('good').length,
      ),
    ),
  );

test('a word adds what the logit loses without it; one that occurs twice adds twice', async () => {
  const [first, second] = await explainByWords(counting, 'good,  bad and good', [0, 1]);
  expect(first).toEqual({
    for: [
      { feature: 'good,', weight: 1 },
      { feature: 'good', weight: 1 },
    ],
    against: [{ feature: 'bad', weight: -1 }],
  });
  expect(second!.for).toEqual([{ feature: 'bad', weight: 1 }]);
});

test('a long text is explained by runs of words, and an empty one by nothing', async () => {
  let asked = 0;
  const count = (texts: string[]): Promise<Float64Array[]> => {
    asked = texts.length;
    return counting(texts);
  };
  const text = `${'word '.repeat(500)}good`;
  const [found] = await explainByWords(count, text, [0]);
  expect(asked).toBeLessThanOrEqual(65);
  expect(found!.for).toHaveLength(1);
  expect(found!.for[0]!.feature).toMatch(/word good$/);
  expect(await explainByWords(counting, '', [0])).toEqual([{ for: [], against: [] }]);
});
