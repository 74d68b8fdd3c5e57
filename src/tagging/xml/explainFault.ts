import type { OpenElement } from './documentBuilder';
import { placeOf, shown, XmlError } from './xmlError';

/** An XmlError for what the parser refused. */
export interface Refusal {
  source: string;
  /** What the parser says. */
  complaint: string;
  /** Where the parser stands, after what it refuses. */
  position: number;
}

const aboutReferences = new Map<string, (reference: string) => string>([
  [
    'undefined entity.',
    (reference) =>
      `${reference} stands for nothing here. Known are &amp; &lt; &gt; &quot; &apos; and numbers such as &#233;`,
  ],
  ['malformed character entity.', (reference) => `${reference} is no character of XML`],
  ['disallowed character in entity name.', bareAmpersand],
  ['empty entity name.', bareAmpersand],
]);

const others = new Map<string, string>([
  ['attribute without value.', 'an attribute has no value. Each needs one, in quotes'],
  ['unquoted attribute value.', 'the value of an attribute stands without quotes'],
  ['disallowed character in tag name', '"<" begins no tag here; in text it is written &lt;'],
]);

/** Says to people what the parser says to programmers, and where. */
export function explainFault({ source, complaint, position }: Refusal): XmlError {
  const aboutReference = aboutReferences.get(complaint);
  if (aboutReference) {
    const start = source.lastIndexOf('&', position - 1);
    return new XmlError(source, start, aboutReference(shown(source.slice(start, position))));
  }
  const last = source.codePointAt(position - 2)! > 0xffff ? position - 2 : position - 1;
  const fault =
    complaint === 'disallowed character.'
      ? forbidden(source[last]!)
      : (others.get(complaint) ?? `not well-formed: ${shown(complaint.replace(/\.$/, ''))}`);
  return new XmlError(source, last, fault);
}

/** An XmlError for a text that ends before its first element does. */
export function explainEnd(
  source: string,
  readTo: number,
  open: OpenElement | undefined,
): XmlError {
  const rest = source.slice(readTo);
  const ampersand = rest.indexOf('&', rest.lastIndexOf(';') + 1);
  // In text and attributes, the parser reads from a bare "&" on for a ";" to come.
  if (ampersand >= 0 && !/<[!?]/.test(rest.slice(0, ampersand))) {
    return new XmlError(source, readTo + ampersand, bareAmpersand());
  }
  if (rest.startsWith('<')) {
    return new XmlError(source, readTo, `the text ends before "${shown(rest)}" does`);
  }
  if (!open) return new XmlError(source, source.length, 'no XML element was found');
  const { line, column } = placeOf(source, open.start);
  return new XmlError(
    source,
    source.length,
    `the text ends before </${shown(open.element.name)}>, the end of the element that begins at line ${line}, column ${column}`,
  );
}

function bareAmpersand(): string {
  return '"&" begins no reference here; alone it is written &amp;';
}

function forbidden(character: string): string {
  if (character === '<') return '"<" stands in the value of an attribute; there it is written &lt;';
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code} is not allowed in XML`;
}
