import fc from 'fast-check';
import { jsonFault } from './jsonFault';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  ['{"a": NaN}', 6],
  ['{"a": None}', 6],
  ['{"a": x}', 6],
  ["{'a': 1}", 1],
  ['{"a": 1, b: 2}', 9],
  ['{"a": 1,}', 8],
  ['{"a": [1,]}', 9],
  ['{"a": 01}', 7],
  ['{"a": "\\x"}', 7],
  ['{"a": "\t"}', 7],
  ['{"a" 1}', 5],
  ['{"a": [1}', 8],
  ['{"a": 1}}', 8],
  ['{"a": 1} {"a": 2}', 9],
])('%s goes wrong at character %i', (text, place) => {
  expect(jsonFault(text)).toBe(place);
});

test.each(['', '{', '{"a"', '{"a":', '{"a": "b', '{"a": 1', '{"a": 1,', '{"a": [[]', '[{}'])(
  '%j only ends too early',
  (text) => {
    expect(jsonFault(text)).toBe(text.length);
  },
);

test('a text has a fault just when JSON.parse refuses it', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.constantFrom('', ',', ']', '}', '"', '\\', ':', '1', 't', ' '),
  );
  const text = fc.tuple(fc.json(), fc.option(damage)).map(([json, change]) => {
    if (!change) return json;
    const at = change[0] % json.length;
    return json.slice(0, at) + change[1] + json.slice(at + 1);
  });
  fc.assert(
    fc.property(text, (given) => {
      const fault = jsonFault(given);
      expect(fault === undefined).toBe(parses(given));
      // What stands before the fault is right, or the start of something right.
      const before = jsonFault(given.slice(0, fault));
      expect([undefined, fault]).toContain(before);
    }),
    { numRuns: 2000 },
  );
});

test('megabytes and deep nesting are no matter', () => {
  expect(jsonFault(`{"a": "${'é\\n'.repeat(1 << 21)}", b}`)).toBe(10 + 3 * (1 << 21));
  expect(jsonFault('['.repeat(1e6))).toBe(1e6);
});
