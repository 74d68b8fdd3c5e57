import { readXml } from './readXml';

/** The path of each piece that is an element's text. */
const paths = (source: string): string[] =>
  readXml(source)
    .pieces.filter(({ attribute }) => attribute === null)
    .map(({ xpath }) => xpath);

test('the only one of its name needs nothing but its name', () => {
  expect(paths('<order id="1"><item id="7"><name>x</name></item></order>')).toEqual([
    '/order/item/name',
  ]);
});

test('an attribute that no other of the name has with this value tells an element apart', () => {
  const source =
    '<order><item kind="a" id="7"><name>x</name></item><item kind="a" id="8">y</item>' +
    '<note id="7">z</note></order>';
  expect(paths(source)).toEqual([
    '/order/item[@id="7"]/name',
    '/order/item[@id="8"]',
    '/order/note',
  ]);
});

test('other elements are told apart by their index among those of the name', () => {
  const source =
    '<order><item id="7">1</item><note/><item id="7">2</item><item>3</item><item id="">4</item></order>';
  expect(paths(source)).toEqual([
    '/order/item[1]',
    '/order/item[2]',
    '/order/item[3]',
    '/order/item[@id=""]',
  ]);
});

test('elements of one name in different parents are not mixed up', () => {
  expect(paths('<a><b><c>1</c></b><b><c>2</c></b></a>')).toEqual(['/a/b[1]/c', '/a/b[2]/c']);
});

test.each([
  ['double quotes', 'id="&quot;1&quot;"', `[@id='"1"']`],
  ['single quotes', `id="it's"`, `[@id="it's"]`],
  ['both kinds of quotes', `id="it's &quot;1&quot;"`, '[1]'],
  ['both kinds of quotes in one attribute only', `id="'&quot;" no="1"`, '[@no="1"]'],
  ['signs of markup', 'id="&lt;]&amp;🙂"', '[@id="<]&🙂"]'],
  ['line breaks', 'id="1&#10;2"', '[1]'],
  ['more than 100 characters', `id="${'1'.repeat(101)}"`, '[1]'],
  ['a prefix in its name', 'xml:id="1"', '[@*[name()="xml:id"]="1"]'],
])('an attribute with %s gives a path that XPath 1.0 can say', (_, attribute, predicate) => {
  expect(paths(`<a><b ${attribute}>x</b><b/></a>`)).toEqual([`/a/b${predicate}`]);
});

test('names with a prefix are compared as they are written', () => {
  const source = '<p:a xmlns:p="urn:p"><p:b>1</p:b><p:b>2</p:b><b>3</b></p:a>';
  expect(paths(source)).toEqual([
    '/*[name()="p:a"]/*[name()="p:b"][1]',
    '/*[name()="p:a"]/*[name()="p:b"][2]',
    '/*[name()="p:a"]/b',
  ]);
});

test('names in a default namespace are too, as far as it goes', () => {
  const source =
    '<a><b xmlns="urn:b">1<c>2</c><d xmlns="">3</d></b><c>4</c><e>5</e><e xmlns="urn:e">6</e></a>';
  expect(paths(source)).toEqual([
    '/a/*[name()="b"]',
    '/a/*[name()="b"]/*[name()="c"]',
    '/a/*[name()="b"]/d',
    '/a/c',
    '/a/*[name()="e"][1]',
    '/a/*[name()="e"][2]',
  ]);
});

test('declarations of namespaces tell nothing apart, since they are no attributes to XPath', () => {
  expect(paths('<a><b xmlns:p="urn:1">x</b><b xmlns:p="urn:2">y</b></a>')).toEqual([
    '/a/b[1]',
    '/a/b[2]',
  ]);
});

test('an attribute has the path of its element', () => {
  const [piece] = readXml('<a><b c="x"/></a>').pieces;
  expect(piece).toMatchObject({ attribute: 'c', xpath: '/a/b' });
});
