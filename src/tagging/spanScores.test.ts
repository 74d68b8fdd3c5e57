import { qualityOf, SpanScores } from './spanScores';

const span = (first: number, end: number, tag: number) => ({ first, end, tag });

test('a span is right when its bounds and its tag are; others are told by what is wrong', () => {
  const scores = new SpanScores(2);
  const gold = [span(0, 2, 0), span(3, 4, 1), span(6, 8, 0), span(9, 10, 0)];
  const found = [span(0, 2, 0), span(3, 4, 0), span(6, 9, 0), span(20, 21, 1)];
  expect(scores.add(gold, found)).toBe(6);
  expect(scores.total()).toEqual({ gold: 4, found: 4, right: 1, partial: 1, wrongTag: 1 });
  expect(scores.boundaries).toEqual({ tooLong: 1, tooShort: 0, shifted: 0 });
  expect(scores.confusions()).toEqual([{ gold: 1, found: 0, count: 1 }]);
  expect(qualityOf(scores.total())).toEqual({ precision: 0.25, recall: 0.25, f1: 0.25 });
});

test('what cannot be measured is null', () => {
  const none = { precision: null, recall: null, f1: null };
  expect(qualityOf({ gold: 0, found: 0, right: 0 })).toEqual(none);
  expect(qualityOf({ gold: 2, found: 0, right: 0 })).toEqual({ ...none, recall: 0 });
});
