import { SaxesParser } from 'saxes';
import { DocumentBuilder } from './documentBuilder';
import { explainEnd, explainFault } from './explainFault';
import type { XmlPiece } from './xmlPiece';
import { XmlError } from './xmlError';

export interface XmlText {
  /** Where the XML begins in the text and where it ends, in UTF-16 units. */
  start: number;
  end: number;
  /** In the order in which they begin; those without anything but white space are left out. */
  pieces: XmlPiece[];
}

/**
 * What XML begins with: a tag, a comment, a processing instruction or the document's type (XML 1.0, 2.8).
 * Another "<", as in "a < b", is text. The letters are NameStartChar (2.3).
 */
const opening =
  /<(?=!--|!DOCTYPE|\??[:A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}])/u;

/**
 * Reads the first XML document in a text (XML 1.0, fifth edition): text before its first "<" and after the
 * end of its root is not looked at. Nothing outside the text is ever read, and nothing grows: entities
 * cannot be declared. Time and memory are in proportion to the text.
 *
 * @throws XmlError when there is none, it is not well-formed, it declares entities, or it is over a limit:
 *   1,000 elements within each other, 10,000 attributes of one element, 1,000,000 pieces
 */
export function readXml(source: string): XmlText {
  const start = source.search(opening);
  if (start < 0) throw new XmlError(source, source.length, 'no XML element was found');
  // Names are not resolved: a block cut out of a larger document may lack declarations of its prefixes.
  const parser = new SaxesParser({
    position: false,
    // What says it is 1.1 is read as 1.0, as 2.8 asks for.
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  const position = (): number => start + parser.position;
  const builder = new DocumentBuilder(source, start);
  parser.on('error', ({ message }) => {
    throw explainFault({ source, complaint: message, position: position() });
  });
  parser.on('xmldecl', () => builder.skip(position()));
  parser.on('doctype', (doctype) => builder.readDoctype(doctype, position()));
  parser.on('processinginstruction', () => builder.skip(position()));
  // Told before the ">" of "-->".
  parser.on('comment', () => builder.skip(position() + 1));
  parser.on('text', (text) => builder.addText(text, position() - 1));
  parser.on('cdata', (text) => builder.addCdata(text, position()));
  parser.on('attribute', ({ name, value }) => builder.addAttribute(name, value, position()));
  parser.on('opentag', ({ name }) => builder.open(name, position()));
  parser.on('closetag', ({ isSelfClosing }) => {
    if (!isSelfClosing) builder.checkEndTag(position());
    if (builder.close(position())) throw new RootClosed();
  });
  try {
    // Without halves of surrogate pairs, after which the parser would skip a character.
    parser.write(source.slice(start).toWellFormed());
  } catch (error) {
    if (!(error instanceof RootClosed)) throw error;
    const end = position();
    refuseHalves(source, start, end);
    return { start, end, pieces: builder.finish() };
  }
  throw explainEnd(source, builder.readTo, builder.innermost);
}

/** Thrown to stop the parser, which knows no other way: what follows the root is not ours to judge. */
class RootClosed extends Error {}

function refuseHalves(source: string, start: number, end: number): void {
  const half = source.slice(start, end).search(/\p{Cs}/u);
  if (half >= 0) throw new XmlError(source, start + half, 'half of a surrogate pair stands alone');
}
