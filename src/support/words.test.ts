import { byteCount, counted, shortened, wholeStart } from './words';

test('a count is followed by the words for one or for many', () => {
  const rows = (count: number) => counted(count, 'row has', 'rows have');
  expect([0, 1, 2].map(rows)).toEqual(['0 rows have', '1 row has', '2 rows have']);
});

test('the start of a text ends with a whole character', () => {
  expect([0, 1, 2, 3, 4, 9].map((length) => wholeStart('a🙂b', length))).toEqual([
    '',
    'a',
    'a',
    'a🙂',
    'a🙂b',
    'a🙂b',
  ]);
});

test('only a text that is too long is shortened, and says so', () => {
  expect([2, 3, 4].map((length) => shortened('ab🙂', length))).toEqual(['ab…', 'ab…', 'ab🙂']);
});

test('bytes are counted in the largest unit of which there is one', () => {
  const amounts = [0, 1, 1023, 1024, 734_003_200, 21_474_836_480, 2 ** 50];
  expect(amounts.map(byteCount)).toEqual([
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1.0 KiB',
    '700.0 MiB',
    '20.0 GiB',
    '1024.0 TiB',
  ]);
});
