import { PieceText } from './pieceText';
import { Namesakes, XmlElement } from './xmlElement';
import { placeOf, shown, XmlError } from './xmlError';
import { XmlPiece } from './xmlPiece';

const maxDepth = 1_000;
const maxAttributes = 10_000;
const maxPieces = 1_000_000;

/** An element whose end tag is still to come. */
export interface OpenElement {
  element: XmlElement;
  /** Where its start tag begins. */
  start: number;
  /** Whether names without a prefix are in a namespace here. */
  hasDefaultNamespace: boolean;
  text?: PieceText;
  children?: Map<string, Namesakes>;
}

/** Makes pieces of what the parser tells. Places are UTF-16 units in the caller's whole text. */
export class DocumentBuilder {
  private readonly pieces: XmlPiece[] = [];
  private readonly path: OpenElement[] = [];
  /** Of the tag that is being read. */
  private attributes: { name: string; value: string; end: number }[] = [];

  constructor(
    private readonly source: string,
    /** Where all that was told ends, and what the parser is within begins. */
    public readTo: number,
  ) {}

  get innermost(): OpenElement | undefined {
    return this.path.at(-1);
  }

  /** What holds no text for us, and ends here. */
  skip(end: number): void {
    this.readTo = end;
  }

  readDoctype(doctype: string, end: number): void {
    if (doctype.includes('<!ENTITY')) {
      const at = this.source.lastIndexOf('<!ENTITY', end - 1);
      throw new XmlError(
        this.source,
        at,
        'the DOCTYPE declares an entity. Entities may not be declared: write in place what they stand for',
      );
    }
    this.readTo = end;
  }

  addText(text: string, end: number): void {
    this.addChunk(text, this.readTo, end, false);
    this.readTo = end;
  }

  addCdata(text: string, end: number): void {
    this.addChunk(text, this.readTo + '<![CDATA['.length, end - ']]>'.length, true);
    this.readTo = end;
  }

  /** @param end after the quote that closes the value */
  addAttribute(name: string, value: string, end: number): void {
    this.attributes.push({ name, value, end });
    if (this.attributes.length > maxAttributes) {
      throw this.overLimit(end, `an element has more than ${maxAttributes} attributes`);
    }
  }

  /** The tag is read that opens an element. */
  open(name: string, end: number): void {
    if (this.path.length === maxDepth) {
      throw this.overLimit(this.readTo, `elements stand more than ${maxDepth} deep in each other`);
    }
    const around = this.innermost;
    around?.text?.addChild();
    const declared = this.attributes.find((attribute) => attribute.name === 'xmlns');
    const hasDefaultNamespace = declared
      ? declared.value !== ''
      : (around?.hasDefaultNamespace ?? false);
    const attributes = this.attributes.filter((attribute) => !/^xmlns(?::|$)/.test(attribute.name));
    const namesakes = this.namesakesOf(name);
    if (hasDefaultNamespace) namesakes.addNamespace();
    const element = new XmlElement(name, around?.element ?? null, attributes, namesakes);
    this.path.push({ element, start: this.readTo, hasDefaultNamespace });
    for (const attribute of attributes) {
      const { value, end: close } = attribute;
      const from = this.source.lastIndexOf(this.source[close - 1]!, close - 2) + 1;
      const text = new PieceText();
      text.add(value, this.source.slice(from, close - 1), from);
      this.keep(text, element, attribute.name);
    }
    this.attributes = [];
    this.readTo = end;
  }

  /** The innermost element ends. @returns whether it was the root */
  close(end: number): boolean {
    const { element, text } = this.path.pop()!;
    if (text) this.keep(text, element, null);
    this.readTo = end;
    return this.path.length === 0;
  }

  /** The parser tells of an end tag before it looks whether it is the right one. */
  checkEndTag(end: number): void {
    const { element, start } = this.innermost!;
    const at = this.source.lastIndexOf('</', end - 1);
    const found = this.source.slice(at + 2, end - 1).trimEnd();
    if (found === element.name) return;
    const { line, column } = placeOf(this.source, start);
    throw new XmlError(
      this.source,
      at,
      `</${shown(found)}> stands where </${shown(element.name)}> must, ` +
        `the end of the element that begins at line ${line}, column ${column}`,
    );
  }

  finish(): XmlPiece[] {
    return this.pieces.sort((a, b) => a.runs[2]! - b.runs[2]!);
  }

  private addChunk(text: string, from: number, to: number, isCdata: boolean): void {
    const { innermost, source } = this;
    if (innermost) {
      innermost.text ??= new PieceText();
      innermost.text.add(text, source.slice(from, to), from, isCdata);
    } else if (/\S/.test(text)) {
      const start = from + source.slice(from, to).search(/\S/);
      throw new XmlError(source, start, 'text stands before the first element of the document');
    }
  }

  private keep(text: PieceText, element: XmlElement, attribute: string | null): void {
    const found = text.finish();
    if (!found) return;
    if (this.pieces.length === maxPieces) {
      throw this.overLimit(this.readTo, `there are more than ${maxPieces} texts and attributes`);
    }
    this.pieces.push(new XmlPiece(found.text, found.runs, element, attribute));
  }

  private namesakesOf(name: string): Namesakes {
    const { innermost } = this;
    if (!innermost) return new Namesakes(name);
    innermost.children ??= new Map();
    let namesakes = innermost.children.get(name);
    if (!namesakes) innermost.children.set(name, (namesakes = new Namesakes(name)));
    return namesakes;
  }

  private overLimit(place: number, fault: string): XmlError {
    return new XmlError(this.source, place, `${fault}. That is the most that is read`);
  }
}
