import { readAnnotations } from './annotation';
import { placeAnnotations } from './placeAnnotations';

function spansOf(row: Record<string, unknown>) {
  const found = readAnnotations(row);
  if (typeof found !== 'object') return found;
  return placeAnnotations(found.text, found.annotations);
}

test.each([
  ['Prodigy', { text: 'Hi Ana', spans: [{ start: 3, end: 6, label: 'NAME', token_start: 1 }] }],
  [
    'Label Studio',
    {
      data: { text: 'Hi Ana' },
      annotations: [
        { was_cancelled: true, result: [] },
        { result: [{ value: { start: 3, end: 6, text: 'Ana', labels: ['NAME'] } }] },
      ],
    },
  ],
  ['its short form', { text: 'Hi Ana', label: [{ start: 3, end: 6, labels: ['NAME'] }] }],
  ['doccano', { text: 'Hi Ana', label: [[3, 6, 'NAME']] }],
])('spans are read as %s exports them', (_, row) => {
  expect(spansOf(row)).toEqual([{ start: 3, end: 6, tag: 'NAME' }]);
});

test('offsets count characters, or UTF-16 units where the text of the annotation says so', () => {
  const text = '\u{1F600} Ana';
  const inside = [{ start: 3, end: 6, tag: 'NAME' }];
  expect(spansOf({ text, spans: [{ start: 2, end: 5, label: 'NAME' }] })).toEqual(inside);
  expect(spansOf({ text, label: [{ start: 3, end: 6, text: 'Ana', labels: ['NAME'] }] })).toEqual(
    inside,
  );
});

test('rows of other shapes are none of annotation tools', () => {
  expect(spansOf({ source: 'a b', target: 'O O' })).toBeUndefined();
  expect(spansOf({ text: 'a b', labels: ['O', 'O'] })).toBeUndefined();
});

test('what is wrong with a span is told with its place', () => {
  const of = (span: object) => spansOf({ text: 'Hi Ana', spans: [span] });
  expect(of({ start: 3, end: 60, label: 'NAME' })).toBe(
    'the span 3 to 60 ("NAME") is not within the text, which has 6 characters',
  );
  expect(of({ start: 0, end: 3, text: 'Ana', label: 'NAME' })).toBe(
    'the span 0 to 3 ("NAME") is "Hi " in the text and "Ana" in the annotation',
  );
  expect(of({ start: 'x', end: 3, label: 'NAME' })).toContain('two whole numbers');
  expect(spansOf({ spans: [{ start: 0, end: 1, label: 'X' }] })).toContain('"text" must be a text');
});
