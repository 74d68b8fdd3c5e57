import { parseJson } from './parseJson';
import { InvalidJson } from './scanJson';

const read = (text: string | Buffer) => parseJson(Buffer.from(text));

describe('parseJson', () => {
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
    expect(() => read(text)).toThrow('the body is empty, where JSON is expected');
  });

  it.each(['{"a": 1,}', '{a: 1}', '{"a": 1', '[1, 2', '"open', 'nul', '}', "{'a': 1}"])(
    'refuses %j as JSON',
    (text) => {
      expect(() => read(text)).toThrow(InvalidJson);
    },
  );

  it('refuses what is nested so deep that reading it would exhaust the stack', () => {
    expect(() => read('['.repeat(100_000))).toThrow('nested deeper than 200 levels');
    expect(() => read('{"a":'.repeat(100_000))).toThrow('nested deeper than 200 levels');
  });

  it('refuses bytes that are no UTF-8, but for those behind the first value', () => {
    expect(() => read(Buffer.from('"caf\xe9"', 'latin1'))).toThrow('the body is not UTF-8');
    expect(() => read(Buffer.from('\ufeff{}', 'utf16le'))).toThrow('the body is not UTF-8');
    expect(read(Buffer.from('"a"\xe9', 'latin1'))).toBe('a');
  });

  it('refuses more values than it is told to take, before it makes any', () => {
    const body = Buffer.from('{"a": [1, [], {}], "b": "[,,,]", "c": 2}');
    expect(parseJson(body, { maxValues: 8 })).toEqual({ a: [1, [], {}], b: '[,,,]', c: 2 });
    const error = { code: 'too_many_values', status: 413 };
    expect(() => parseJson(body, { maxValues: 7 })).toThrow(expect.objectContaining(error));
    const parse = jest.spyOn(JSON, 'parse');
    expect(() => read(`{${'"a":0,'.repeat(200_000)}"a":0}`)).toThrow(
      'the request body has more than 100000 values',
    );
    expect(() => read('['.repeat(16 << 20))).toThrow('nested deeper');
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('replaces halves of characters', () => {
    expect(read('{"a": ["\\ud800", "\\ud83d\\ude00"]}')).toEqual({ a: ['\uFFFD', '😀'] });
  });

  it('takes __proto__ for a name like any other', () => {
    const value = read('{"__proto__": {"admin": true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
