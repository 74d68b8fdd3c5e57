import { firstJson } from './firstJson';

const read = (text: string | Buffer) => firstJson(Buffer.from(text));

describe('firstJson', () => {
  it.each([
    ['{"a": 1} trailing', { a: 1 }],
    ['{"a": 1}{"b": 2}', { a: 1 }],
    ['{"a": "}\\"{"}]', { a: '}"{' }],
    [' \n[1, 2]]', [1, 2]],
    ['"text" more', 'text'],
    ['"\\"" x', '"'],
    ['null {"a": 1}', null],
    ['12 13', 12],
    ['\uFEFF{"a": 1}', { a: 1 }],
  ])('reads the first value of %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each(['', ' \n\t', '\uFEFF'])('says that %j is empty', (text) => {
    expect(() => read(text)).toThrow('error parsing request body: the body is empty');
  });

  it.each(['{"a": 1,}', '{a: 1}', '{"a": 1', '[1, 2', '"open', 'nul', '}', "{'a': 1}"])(
    'refuses %j as JSON',
    (text) => {
      expect(() => read(text)).toThrow(/^error parsing request body: /);
    },
  );

  it('refuses what is nested so deep that reading it would exhaust the stack', () => {
    expect(() => read('['.repeat(100_000))).toThrow('nested deeper than 200 levels');
    expect(() => read('{"a":'.repeat(100_000))).toThrow('nested deeper than 200 levels');
  });

  it('replaces bytes and halves of characters that are no text', () => {
    expect(read(Buffer.from([0x22, 0xff, 0x22]))).toBe('\uFFFD');
    expect(read('{"a": ["\\ud800", "\\ud83d\\ude00"]}')).toEqual({ a: ['\uFFFD', '😀'] });
  });

  it('takes __proto__ for a name like any other', () => {
    const value = read('{"__proto__": {"admin": true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
