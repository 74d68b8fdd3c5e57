import type { XmlElement } from './xmlElement';

/** One text of the document, references decoded: an element's own, or an attribute's value. */
export class XmlPiece {
  constructor(
    /**
     * Of an element all text directly in it, in order; where a child would have two words touch, a space
     * is put in. Line ends are \n; in attributes white space is a space (XML 1.0, 2.11 and 3.3.3).
     */
    readonly text: string,
    /** Where `text` stands in the source; see PieceText, and ask `locate`. */
    readonly runs: Int32Array,
    private readonly element: XmlElement,
    /** Name of the attribute; null for an element's text. */
    readonly attribute: string | null,
  ) {}

  /**
   * XPath 1.0 that selects the element, and nothing else. Made when it is asked for: in deep documents
   * paths are long, and most pieces hold nothing that is found.
   */
  get xpath(): string {
    return this.element.xpath;
  }

  /** Names of the element and the one around it, the element's last; one name for the root. */
  get context(): string[] {
    const { name, parent } = this.element;
    return parent ? [parent.name, name] : [name];
  }
}
