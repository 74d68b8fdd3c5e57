import { TagReader } from './tagReader';

function read(tags: string, known: string[] = []) {
  const reader = new TagReader(new Set(known), 'O');
  const spans = reader.read(tags.split(' '), 1).map(({ first, end, tag }) => [first, end, tag]);
  return { spans, repaired: reader.repairs().count };
}

test('plain tags that are the same beside each other are one span', () => {
  expect(read('NAME NAME O CITY NAME', ['NAME', 'CITY']).spans).toEqual([
    [0, 2, 'NAME'],
    [3, 4, 'CITY'],
    [4, 5, 'NAME'],
  ]);
});

test.each([
  ['IOB1', 'I-PER I-PER B-PER O I-LOC'],
  ['IOB2', 'B-PER I-PER B-PER O B-LOC'],
  ['BIOES', 'B-PER E-PER S-PER O S-LOC'],
  ['BILOU', 'B-PER L-PER U-PER O U-LOC'],
])('%s is read to the same spans', (_, tags) => {
  expect(read(tags)).toEqual({
    spans: [
      [0, 2, 'PER'],
      [2, 3, 'PER'],
      [4, 5, 'LOC'],
    ],
    repaired: 0,
  });
});

test('a tag that goes on where none was begun begins one, and is counted', () => {
  const reader = new TagReader(new Set(), 'O');
  reader.read(['B-PER', 'I-PER', 'O', 'B-LOC'], 1);
  reader.read(['O', 'B-PER', 'O'], 6);
  expect(reader.read(['O', 'I-PER', 'I-LOC'], 10)).toEqual([
    { first: 1, end: 2, tag: 'PER' },
    { first: 2, end: 3, tag: 'LOC' },
  ]);
  expect(reader.repairs()).toEqual({ count: 2, lines: [10, 10] });
});

test('a span of BIOES without its end is counted', () => {
  const reader = new TagReader(new Set(), 'O');
  reader.read(['S-PER', 'O', 'B-PER', 'E-PER'], 1);
  reader.read(['B-LOC', 'O', 'O'], 9);
  expect(reader.repairs()).toEqual({ count: 1, lines: [9] });
});

test('a tag that was asked for stands for itself, whatever it looks like', () => {
  expect(read('B-52 B-52 O', ['B-52']).spans).toEqual([[0, 2, 'B-52']]);
  expect(read('B-52 B-52 O').spans).toEqual([
    [0, 1, '52'],
    [1, 2, '52'],
  ]);
});
