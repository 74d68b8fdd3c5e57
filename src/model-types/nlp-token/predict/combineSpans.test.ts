import { combineSpans } from './combineSpans';

const learned = (start: number, end: number, tag: string, confidence: number) => ({
  ...{ start, end, tag, confidence },
});
const rule = (start: number, end: number, tag: string, score: number) => ({
  ...{ start, end, tag, score },
});

test('a rule outweighs being outside', () => {
  expect(combineSpans([], [rule(3, 9, 'EMAIL', 0.6)])).toEqual([
    { start: 3, end: 9, tag: 'EMAIL', confidence: 0.6, source: 'rule' },
  ]);
});

test('equal tags are one span with the sum of their scores', () => {
  expect(combineSpans([learned(2, 9, 'EMAIL', 0.3)], [rule(3, 10, 'EMAIL', 0.6)])).toEqual([
    { start: 2, end: 10, tag: 'EMAIL', confidence: expect.closeTo(0.9), source: 'both' },
  ]);
});

test('of different tags the higher score stays', () => {
  const phone = rule(0, 5, 'PHONENUMBER', 0.5);
  expect(combineSpans([learned(0, 9, 'ORDER', 0.9)], [phone])).toMatchObject([{ tag: 'ORDER' }]);
  expect(combineSpans([learned(0, 9, 'ORDER', 0.4)], [phone])).toMatchObject([
    { tag: 'PHONENUMBER' },
  ]);
});

test('spans stand in the order of the text, without overlaps', () => {
  const found = combineSpans(
    [learned(0, 2, 'A', 0.9), learned(20, 22, 'A', 0.9)],
    [rule(1, 8, 'B', 0.5), rule(4, 6, 'C', 0.6), rule(10, 12, 'B', 0.5)],
  );
  expect(found.map(({ start, tag }) => [start, tag])).toEqual([
    [0, 'A'],
    [4, 'C'],
    [10, 'B'],
    [20, 'A'],
  ]);
});
