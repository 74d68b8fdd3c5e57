import fc from 'fast-check';
import { locate } from './locate';
import { readXml } from './readXml';

/** The source and the place in the piece's own text of the first `words` in the piece of that number. */
function found(source: string, words: string, number = 0): [string, number, number] {
  const piece = readXml(source).pieces[number]!;
  const start = piece.text.indexOf(words);
  const at = locate(piece, start, start + words.length);
  return [source.slice(at.globalStart, at.globalEnd), at.localStart, at.localEnd];
}

describe('locate', () => {
  it.each([
    ['text before the block', 'log 🙂 <a>one two</a>', 'two', ['two', 4, 7]],
    ['emojis', '<a>🙂 two</a>', 'two', ['two', 3, 6]],
    [
      'references, which count whole',
      '<a>x &lt;b&#x1F642; y</a>',
      '<b🙂',
      ['&lt;b&#x1F642;', 2, 6],
    ],
    ['line ends', '<a>\r\n\r\ntwo\r\n</a>', 'two\n', ['two\r\n', 2, 6]],
    ['CDATA', '<a>x<![CDATA[&lt;\r\ny]]>z</a>', '&lt;\ny', ['&lt;\r\ny', 1, 7]],
    ['CDATA and text', '<a>x<![CDATA[y]]>z</a>', 'yz', ['y]]>z', 1, 3]],
    ['comments', '<a>in<!-- x -->ter</a>', 'inter', ['in<!-- x -->ter', 0, 5]],
    ['children', '<a>New<b/>York City</a>', 'York', ['York', 3, 7]],
    ['a child in between', '<a>New<b>x</b>York</a>', 'New York', ['New<b>x</b>York', 0, 7]],
    ['a child alone', '<a>New<b>x</b>York</a>', ' ', ['<b>x</b>', 3, 3]],
  ] as const)('finds the place of words with %s', (_, source, words, expected) => {
    expect(found(source, words)).toEqual(expected);
  });

  it('finds the place of words in attributes', () => {
    const source = `<a b = 'x=\t"y"&amp;\r\nz' c="y"/>`;
    expect(found(source, '"y"& z')).toEqual(['"y"&amp;\r\nz', 3, 9]);
    expect(found(source, 'y', 1)).toEqual(['y', 0, 1]);
  });

  it.each([
    [-1, 1],
    [0, 4],
    [1, 1],
    [2, 1],
    [NaN, 1],
  ])('knows no part from %d to %d of three units', (start, end) => {
    const [piece] = readXml('<a>abc</a>').pieces;
    expect(() => locate(piece!, start, end)).toThrow(RangeError);
  });
});

/** A bit of content: how it is written, and what each of its parts is decoded to. */
type Bit =
  | { kind: 'text'; parts: [written: string, decoded: string][] }
  | { kind: 'none' | 'child'; written: string };

const text = (...parts: [string, string][]): Bit => ({ kind: 'text', parts });
const same = (letters: string): Bit =>
  text(...letters.split('').map((c): [string, string] => [c, c]));
const contentBit: fc.Arbitrary<Bit> = fc.oneof(
  fc.constantFrom('word', ' ', '🙂', 'ă', '\n', '\t', 'a;b', ']', '"').map(same),
  fc.constantFrom<Bit>(
    text(['&amp;', '&']),
    text(['&#x1F642;', '🙂']),
    text(['&#65;', 'A']),
    text(['&#13;', '\r']),
    text(['\r\n', '\n']),
    text(['x', 'x'], ['\r', '\n'], ['y', 'y']),
    text(['<![CDATA[', ''], ['&', '&'], ['\r\n', '\n'], [']', ']'], [']]>', '']),
    { kind: 'none', written: '<!-- a & b -->' },
    { kind: 'none', written: '<?go <b> ?>' },
    { kind: 'child', written: '<b>🙂\r\n&lt;</b>' },
    { kind: 'child', written: '<c d="&lt;"/>' },
  ),
);

test('each unit of a text has the place of what is written for it', () => {
  fc.assert(
    fc.property(
      fc.array(contentBit),
      fc.constantFrom('', '\ufeff', '🙂 log < '),
      (bits, before) => {
        let source = `${before}<a>`;
        const units: { unit: string; from: number; to: number }[] = [];
        let afterChild = false;
        for (const bit of bits) {
          if (bit.kind !== 'text') {
            source += bit.written;
            afterChild ||= bit.kind === 'child';
            continue;
          }
          for (const [written, decoded] of bit.parts) {
            const last = units.at(-1);
            if (decoded !== '' && afterChild) {
              if (last && /\S/.test(last.unit) && /\S/.test(decoded)) {
                units.push({ unit: ' ', from: last.to, to: source.length });
              }
              afterChild = false;
            }
            for (const unit of decoded.split('')) {
              units.push({ unit, from: source.length, to: source.length + written.length });
            }
            source += written;
          }
        }
        source += '</a>';
        const expected = units.map(({ unit }) => unit).join('');
        const piece = readXml(source).pieces.find(({ context }) => context.length === 1);
        expect(piece?.text ?? '').toBe(/\S/.test(expected) ? expected : '');
        if (!piece) return;
        units.forEach(({ from, to }, i) => {
          expect(locate(piece, i, i + 1)).toMatchObject({ globalStart: from, globalEnd: to });
        });
        expect(locate(piece, 0, units.length)).toMatchObject({
          globalStart: units[0]!.from,
          globalEnd: units.at(-1)!.to,
          localStart: 0,
        });
      },
    ),
    { numRuns: 1000 },
  );
});

test('each unit of a value has the place of what is written for it', () => {
  const parts = fc.array(
    fc.constantFrom(
      ...(['w', ' ', 'ă', ';', '>', "'"] as const).map((c): [string, string] => [c, c]),
      ...([
        ['\t', ' '],
        ['\n', ' '],
        ['\r\n', ' '],
        ['\r', ' '],
        ['&#9;', '\t'],
      ] as [string, string][]),
      ...([
        ['&quot;', '"'],
        ['&#x1F642;', '🙂'],
        ['&#x10000;', '\u{10000}'],
      ] as [string, string][]),
    ),
  );
  fc.assert(
    fc.property(parts, (value) => {
      let source = '<a b="';
      const units: [string, number, number][] = [];
      // A \n after \r would be one line end with it.
      for (const [written, decoded] of [['v', 'v'], ...value] as [string, string][]) {
        if (written === '\n' && source.endsWith('\r')) continue;
        for (const unit of decoded.split('')) {
          units.push([unit, source.length, source.length + written.length]);
        }
        source += written;
      }
      source += '"/>';
      const [piece] = readXml(source).pieces;
      expect(piece!.text).toBe(units.map(([unit]) => unit).join(''));
      units.forEach(([, globalStart, globalEnd], i) => {
        const place = { globalStart, globalEnd, localStart: i, localEnd: i + 1 };
        expect(locate(piece!, i, i + 1)).toEqual(place);
      });
    }),
  );
});
