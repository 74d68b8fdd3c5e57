import { counted } from './words';

test('a count is followed by the words for one or for many', () => {
  const rows = (count: number) => counted(count, 'row has', 'rows have');
  expect([0, 1, 2].map(rows)).toEqual(['0 rows have', '1 row has', '2 rows have']);
});
