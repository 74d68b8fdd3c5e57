import { apart, bestOf } from './overlaps';

const match = (start: number, end: number, score = 1) => ({ start, end, tag: 'T', score });

test('of matches that overlap the one with the higher score stays, or the longer one, or the first', () => {
  expect(bestOf([match(0, 5), match(2, 4, 2)])).toEqual([match(2, 4, 2)]);
  expect(bestOf([match(0, 5), match(3, 9)])).toEqual([match(3, 9)]);
  expect(bestOf([match(0, 5), match(3, 8)])).toEqual([match(0, 5)]);
  expect(bestOf([match(0, 5), match(5, 8)])).toHaveLength(2);
});

test('matches that overlap a settled part go, those that touch it stay', () => {
  const matches = [match(0, 2), match(3, 5), match(6, 8), match(7, 9), match(9, 10)];
  expect(apart(matches, [match(2, 3), match(4, 6), match(7, 8)])).toEqual([
    match(0, 2),
    match(9, 10),
  ]);
});
