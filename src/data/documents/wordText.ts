import { SaxesParser, type SaxesTagNS } from 'saxes';
import { documentLimits } from './documentText';
import { TextJoiner, type Gap } from './textJoiner';

/** WordprocessingML, of the transitional and of the strict kind. */
const word =
  /^http:\/\/(?:schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/wordprocessingml\//;
const math =
  /^http:\/\/(?:schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/officeDocument\/.*math$/;
const drawing = /^http:\/\/(?:schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/drawingml\//;
const compatibility = 'http://schemas.openxmlformats.org/markup-compatibility/2006';

/** What is set apart, before and after. */
const gaps: Record<string, Gap> = {
  p: 'paragraph',
  tc: 'space',
  tr: 'line',
  txbxContent: 'paragraph',
  footnote: 'paragraph',
  endnote: 'paragraph',
  br: 'line',
  cr: 'line',
  tab: 'space',
  ptab: 'space',
  // A character of a symbol font, mostly a bullet: which one, only the font knows.
  sym: 'space',
  oMath: 'space',
};
/** What is no text of the document as it stands. */
const skipped = new Set(['instrText', 'delText', 'delInstrText', 'del', 'moveFrom', 'pPr', 'rPr']);
const embedded: Record<string, string> = {
  altChunk: 'an embedded document',
  object: 'an embedded object',
};

/** The text of one part of a Word document. What it cannot read goes into `ignored`, in words. */
export class WordText {
  private readonly text = new TextJoiner();
  /** Depth of the outermost element that is skipped; 0 outside of one. */
  private skipping = 0;
  private depth = 0;
  private readingText = false;

  constructor(private readonly ignored: Set<string>) {}

  /** Throws when the XML is not well-formed. */
  read(xml: string): string {
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', (tag) => {
      this.enter(tag);
    });
    parser.on('closetag', (tag) => {
      this.leave(tag);
    });
    parser.on('text', (text) => {
      if (this.readingText && this.skipping === 0) this.text.add(text);
    });
    const step = 1 << 16;
    for (let at = 0; at < xml.length && this.text.length < documentLimits.characters; at += step) {
      parser.write(xml.slice(at, at + step));
      if (at + step >= xml.length) parser.close();
    }
    return this.text.toString();
  }

  private enter(tag: SaxesTagNS): void {
    this.depth++;
    if (this.skipping > 0) return;
    const { local, uri } = tag;
    if (isSkipped(tag)) {
      this.skipping = this.depth;
      return;
    }
    if (drawing.test(uri) && (local === 'chart' || local === 'relIds'))
      this.ignored.add('a diagram');
    if (!word.test(uri) && !math.test(uri)) return;
    if (local === 't') this.readingText = true;
    if (local === 'noBreakHyphen') this.text.add('-');
    if (Object.hasOwn(embedded, local)) this.ignored.add(embedded[local]!);
    this.separate(local);
  }

  private leave({ local, uri }: SaxesTagNS): void {
    if (this.skipping === this.depth) this.skipping = 0;
    else if (this.skipping === 0 && (word.test(uri) || math.test(uri))) {
      if (local === 't') this.readingText = false;
      this.separate(local);
    }
    this.depth--;
  }

  private separate(local: string): void {
    if (Object.hasOwn(gaps, local)) this.text.separate(gaps[local]!);
  }
}

function isSkipped({ local, uri, attributes }: SaxesTagNS): boolean {
  // The same again, for programs that do not know the newer way.
  if (uri === compatibility) return local === 'Fallback';
  if (!word.test(uri)) return false;
  // The lines between a page and its notes.
  const isNote = local === 'footnote' || local === 'endnote';
  return skipped.has(local) || (isNote && 'w:type' in attributes);
}
