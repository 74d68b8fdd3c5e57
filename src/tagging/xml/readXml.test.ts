import { readXml } from './readXml';
import { XmlError } from './xmlError';

/** Element or attribute and text of each piece, in order. */
const read = (source: string): string[] =>
  readXml(source).pieces.map(
    ({ context, attribute, text }) =>
      `${context.at(-1)!}${attribute === null ? '' : `@${attribute}`}: ${text}`,
  );

describe('readXml', () => {
  it('gives the text of each element and the value of each attribute, in order', () => {
    expect(read('<order no="7"><to kind="home">Ana</to> and <to>Bo</to></order>')).toEqual([
      'order@no: 7',
      'to@kind: home',
      'to: Ana',
      'order:  and ',
      'to: Bo',
    ]);
  });

  it('names the two nearest elements around each piece', () => {
    const { pieces } = readXml('<a>1<b>2<c d="3">4</c></b></a>');
    expect(pieces.map(({ context }) => context.join(' '))).toEqual(['a', 'a b', 'b c', 'b c']);
  });

  it.each(['<a/>', '<a b=""> \n\t<c>\r\n</c>&#160;</a>'])('gives nothing for %j', (source) => {
    expect(readXml(source)).toEqual({ start: 0, end: source.length, pieces: [] });
  });

  it.each([
    ['references', '&lt;&#x1F642;&#65;&amp;amp;&quot;&apos;&gt;', '<🙂A&amp;"\'>'],
    ['CDATA', 'a<![CDATA[<b>&amp;]]]]>c', 'a<b>&amp;]]c'],
    ['nothing for comments and instructions', 'in<!-- x -->ter<?php echo "a"?>nal', 'internal'],
    ['line ends as \\n', 'a\r\nb\rc\nd&#13;', 'a\nb\nc\nd\r'],
    ['words on both sides of a child apart', 'New<b/>York', 'New York'],
    ['one space for several children', 'New<b/><!-- --><b>x</b>York', 'New York'],
    ['no space where there is one', 'New <b/>York<b/> City<b/>', 'New York City'],
  ])('reads %s', (_, content, text) => {
    const [piece] = readXml(`<a>${content}</a>`).pieces;
    expect(piece!.text).toBe(text);
  });

  it('reads values of attributes with white space as spaces', () => {
    expect(read(`<a b='"1"\t2\r\n3&#10;&lt;>' c = "it's&#x1F642;"/>`)).toEqual([
      'a@b: "1" 2 3\n<>',
      "a@c: it's🙂",
    ]);
  });

  it('passes over declarations of namespaces', () => {
    const source = '<p:a xmlns="urn:x" xmlns:p="urn:y" xmlnsx="1" p:q="2">t</p:a>';
    expect(read(source)).toEqual(['p:a@xmlnsx: 1', 'p:a@p:q: 2', 'p:a: t']);
  });

  it('takes prefixes that nothing declares, as blocks cut out of a document have them', () => {
    expect(read('<soap:Body><m:id>4</m:id></soap:Body>')).toEqual(['m:id: 4']);
  });

  it.each([
    ['in a line of a log', 'a < b <- 12:00 got ', '<a>x</a>', ' & <b> <a> </a'],
    ['after a byte order mark', '\ufeff', '<?xml version="1.0"?>\r\n<a>x</a>', '\r\n'],
    ['with a comment before', '', '<!-- <b> --><?go now?><a>x</a>', '<!-- '],
    ['that says it is XML 1.1', '', "<?xml version='1.1' encoding='utf-16'?><a>x</a>", '\0'],
    ['with a plain DOCTYPE', '', '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a>x</a>', ''],
    ['with elements declared', '', '<!DOCTYPE a [ <!ELEMENT a (#PCDATA)> ]>\n<a>x</a>', 'y'],
    ['after and before emojis', '🙂', '<ä:元>x</ä:元 >', '🙂\ud83d'],
  ])('finds a block %s', (_, before, block, after) => {
    const { start, end, pieces } = readXml(before + block + after);
    expect([start, end]).toEqual([before.length, before.length + block.length]);
    expect(pieces.map(({ text }) => text)).toEqual(['x']);
  });
});

describe('what cannot be read', () => {
  const errorOf = (source: string): XmlError => {
    try {
      readXml(source);
    } catch (error) {
      if (error instanceof XmlError) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  it.each([
    ['', 1, 1, 'no XML element was found'],
    ['a < 5 & b > 3', 1, 14, 'no XML element was found'],
    ['<?xml version="1.0"?>\n<!-- a -->\n', 3, 1, 'no XML element was found'],
    ['🙂\n\r\n🙂<a>\r</b>', 4, 1, '</b> stands where </a> must, the end of .* at line 3, column 2'],
    ['<a><b></bc></a>', 1, 7, '</bc> stands where </b> must'],
    ['log:\n<a>\n<b>', 3, 4, 'the text ends before </b>, .* begins at line 3, column 1'],
    ['<a>x<b c="1', 1, 5, 'the text ends before "<b c="1" does'],
    ['<a>🙂<!-- never closed</a>', 1, 5, 'the text ends before "<!-- never closed</a>" does'],
    ['<a', 1, 1, 'the text ends before "<a" does'],
    ['<a>Q&A</a>', 1, 5, '"&" begins no reference here; alone it is written &amp;'],
    ['<a>Q & A; B</a>', 1, 6, '"&" begins no reference here'],
    ['<a b="?c=1&d=2"/>', 1, 11, '"&" begins no reference here'],
    ['<a>\n🙂 &nbsp;</a>', 2, 3, '&nbsp; stands for nothing here'],
    ['<a b="&constructor;"/>', 1, 7, '&constructor; stands for nothing here'],
    ['<a>&#0;</a>', 1, 4, '&#0; is no character of XML'],
    ['<a>&#xD83D;</a>', 1, 4, '&#xD83D; is no character of XML'],
    ['<a>ab\0</a>', 1, 6, 'the character U\\+0000 is not allowed'],
    ['<a>\n\u0008</a>', 2, 1, 'the character U\\+0008 is not allowed'],
    ['<a b="\uffff"/>', 1, 7, 'the character U\\+FFFF is not allowed'],
    ['<a>🙂\ud83d<b/></a>', 1, 5, 'half of a surrogate pair'],
    ['<a>1 < 2</a>', 1, 7, '"<" begins no tag here'],
    ['<a b="<"/>', 1, 7, '"<" stands in the value of an attribute'],
    ['<a b/>', 1, 5, 'not well-formed: disallowed character in attribute name'],
    ['<a b c="1"/>', 1, 6, 'an attribute has no value'],
    ['<a b=1/>', 1, 6, 'the value of an attribute stands without quotes'],
    ['<a b="1" b="2"/>', 1, 16, 'not well-formed: duplicate attribute: b'],
    ['<a>]]></a>', 1, 6, 'not well-formed'],
    ['<!-- a -->\nlog <a/>', 2, 1, 'text stands before the first element'],
    ['<?a?></b>', 1, 9, 'not well-formed: unmatched closing tag: b'],
  ])('%j is refused with its place', (source, line, column, message) => {
    const error = errorOf(source);
    expect(error.message).toMatch(new RegExp(`^line ${line}, column ${column}: ${message}`));
    expect(error).toMatchObject({ line, column, kind: 'data', code: 'bad_xml' });
  });

  it('shows only the beginning of what is long', () => {
    const name = 'n'.repeat(100_000);
    expect(errorOf(`<${name}></${name}x>`).message.length).toBeLessThan(300);
    expect(errorOf(`<a>&${name};</a>`).message.length).toBeLessThan(300);
    expect(errorOf(`<a ${name}="1" ${name}="2"/>`).message.length).toBeLessThan(300);
  });
});
