export interface XmlAttribute {
  name: string;
  /** Decoded. */
  value: string;
}

/** An element and its way up to the root. */
export class XmlElement {
  /** Among the children of its parent that have its name, from 1. */
  private readonly index: number;
  private path: string | undefined;

  /** @param attributes without declarations of namespaces: for XPath these are no attributes */
  constructor(
    readonly name: string,
    readonly parent: XmlElement | null,
    private readonly attributes: readonly XmlAttribute[],
    private readonly namesakes: Namesakes,
  ) {
    this.index = namesakes.add(attributes);
  }

  /** XPath 1.0 that selects this element alone; right once its document is read to its end. */
  get xpath(): string {
    this.path ??= `${this.parent?.xpath ?? ''}/${this.namesakes.test}${this.predicate()}`;
    return this.path;
  }

  /** What tells the element from its namesakes: the first attribute that can, else its index. */
  private predicate(): string {
    if (this.namesakes.count === 1) return '';
    const telling = this.attributes.find((attribute) => this.namesakes.areToldApartBy(attribute));
    if (!telling) return `[${this.index}]`;
    const quote = telling.value.includes('"') ? "'" : '"';
    return `[@${nodeTest(telling.name)}=${quote}${telling.value}${quote}]`;
  }
}

/** The children of an element that have one name. */
export class Namesakes {
  count = 0;
  private readonly attributesOfEach: (readonly XmlAttribute[])[] = [];
  private uses: Map<string, number> | undefined;
  private inNamespace = false;

  constructor(private readonly name: string) {}

  /** @returns the index of the new one, from 1 */
  add(attributes: readonly XmlAttribute[]): number {
    if (attributes.length > 0) this.attributesOfEach.push(attributes);
    return ++this.count;
  }

  /** One of them is in a default namespace, which a plain name in XPath never selects. */
  addNamespace(): void {
    this.inNamespace = true;
  }

  /** The step in XPath that selects all of them. */
  get test(): string {
    return this.inNamespace ? testOfName(this.name) : nodeTest(this.name);
  }

  /** Whether no other has the attribute with this value, and a literal in XPath can hold the value. */
  areToldApartBy({ name, value }: XmlAttribute): boolean {
    // Literals know no escapes (XPath 1.0, 3.7), and a path is to be read by people.
    const canBeLiteral = value.length <= 100 && !/"[^]*'|'[^]*"|\p{Cc}/u.test(value);
    return canBeLiteral && this.countUses().get(`${name}=${value}`) === 1;
  }

  /** Counted once for all of them, so that many take no more time each. */
  private countUses(): Map<string, number> {
    if (this.uses) return this.uses;
    this.uses = new Map();
    for (const { name, value } of this.attributesOfEach.flat()) {
      const use = `${name}=${value}`;
      this.uses.set(use, (this.uses.get(use) ?? 0) + 1);
    }
    return this.uses;
  }
}

/** A prefix means nothing to XPath without declarations of its own: such names are compared as written. */
function nodeTest(name: string): string {
  return name.includes(':') ? testOfName(name) : name;
}

/** XPath 1.0, 4.1: `name()` is the name as the document has it. */
function testOfName(name: string): string {
  return `*[name()="${name}"]`;
}
