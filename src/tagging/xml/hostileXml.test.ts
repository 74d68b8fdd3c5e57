import fc from 'fast-check';
import { readXml } from './readXml';
import { XmlError } from './xmlError';

const refusal = (line: number, message: RegExp): Error =>
  expect.objectContaining({ name: 'XmlError', line, message: expect.stringMatching(message) });

describe('entities', () => {
  it.each([
    [
      'that grow',
      `<!ENTITY a "lol">\n${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i]!} "${`&${'abcdefghi'[i]!};`.repeat(10)}">`).join('\n')}`,
      11,
      '&j;',
    ],
    ['from files', '<!ENTITY x SYSTEM "file:///etc/passwd">', 2, '&x;'],
    ['from the network', '<!ENTITY x PUBLIC "p" "http://127.0.0.1:9/x">', 2, 'none used'],
    ['for the declarations', '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;', 2, ''],
  ])('%s may not be declared', (_, declaration, line, content) => {
    const source = `<!DOCTYPE r [\n${declaration}\n]>\n<r>${content}</r>`;
    expect(() => readXml(source)).toThrow(refusal(line, /declares an entity/));
  });

  it('of a file of declarations are not known, since it is not read', () => {
    const source = '<!DOCTYPE r SYSTEM "file:///etc/passwd">\n<r>&x;</r>';
    expect(() => readXml(source)).toThrow(refusal(2, /&x; stands for nothing/));
  });
});

describe('limits', () => {
  const nested = (depth: number): string => `${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`;

  it('of depth are 1,000 elements', () => {
    expect(readXml(nested(1_000)).pieces[0]!.xpath).toBe('/a'.repeat(1_000));
    expect(() => readXml(nested(1_001))).toThrow(refusal(1, /column 3001: .*1000 deep/));
    expect(() => readXml(nested(10_000))).toThrow(XmlError);
    expect(() => readXml('<a>'.repeat(10_000))).toThrow(XmlError);
  });

  it('of attributes are 10,000 in an element', () => {
    const tag = (count: number): string =>
      `<a ${Array.from({ length: count }, (_, i) => `b${i}="1"`).join(' ')}/>`;
    expect(readXml(tag(10_000)).pieces).toHaveLength(10_000);
    expect(() => readXml(tag(10_001))).toThrow(refusal(1, /more than 10000 attributes/));
  });

  it('of pieces are 1,000,000', () => {
    const source = `<a>${'<b>1</b>'.repeat(1_000_001)}</a>`;
    expect(() => readXml(source)).toThrow(refusal(1, /column 8000008: .*more than 1000000 texts/));
  });
});

// Work in proportion to the square of these would not end.
test.each([
  ['ids of their own', (i: number) => `id="${i}"`, '[@id="99999"]'],
  ['one id', () => 'id="0"', '[100000]'],
  ['no attributes', () => '', '[100000]'],
])('100,000 siblings with %s have paths', (_, attribute, last) => {
  const items = Array.from({ length: 100_000 }, (__, i) => `<item ${attribute(i)}>x</item>`);
  const { pieces } = readXml(`<order>${items.join('')}</order>`);
  const paths = new Set(pieces.map(({ xpath }) => xpath));
  expect(paths.size).toBe(100_000);
  expect(pieces.at(-1)!.xpath).toBe(`/order/item${last}`);
});

test('of any text, nothing is thrown but an XmlError', () => {
  const bits = fc.constantFrom(
    ...['<', '>', '</', '/>', '<a', '<a>', '</a>', '<b c="d">', '</b>', '"', "'", '=', ' ', 'x'],
    ...['<?', '?>', '<?xml version="1.0"?>', '<!--', '-->', '--', '<![CDATA[', ']]>', '&', ';'],
    ...['<!DOCTYPE a', '[', ']', '<!', '&lt;', '&#', '&#1;', '\r', '\n', '\0', '\ud83d', '🙂'],
  );
  const text = fc.oneof(
    fc.array(bits).map((some) => some.join('')),
    fc.array(bits).map((some) => `<a>${some.join('')}</a>`),
  );
  fc.assert(
    fc.property(text, (source) => {
      try {
        const { start, end } = readXml(source);
        expect(source[start]).toBe('<');
        expect(source[end - 1]).toBe('>');
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
        const lines = source.split(/\r\n?|\n/);
        expect(error.line).toBeLessThanOrEqual(lines.length);
        expect(error.column).toBeLessThanOrEqual(lines[error.line - 1]!.length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});
