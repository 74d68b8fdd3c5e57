import { TrainyardError } from '../../errors';

/**
 * A text that cannot be read as XML, or may not be. `message` names the place, what was found there and
 * what is allowed.
 */
export class XmlError extends TrainyardError {
  /** Counted from 1; lines end with \n, \r\n or \r (XML 1.0, 2.11). */
  readonly line: number;
  /** Counted from 1, in characters: an emoji is one. */
  readonly column: number;

  /** @param offset UTF-16 units from the beginning of `source`, the caller's whole text. */
  constructor(source: string, offset: number, fault: string) {
    const { line, column } = placeOf(source, offset);
    super('data', 'bad_xml', `line ${line}, column ${column}: ${fault}`);
    this.name = 'XmlError';
    this.line = line;
    this.column = column;
  }
}

/** The line and column of a place in a text, both counted from 1. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  let line = 1;
  let start = 0;
  for (const { 0: ending, index } of before.matchAll(/\r\n?|\n/g)) {
    line++;
    start = index + ending.length;
  }
  const oneUnitEach = before.slice(start).replace(/[\ud800-\udbff](?=[\udc00-\udfff])/g, '');
  return { line, column: oneUnitEach.length + 1 };
}

/** Given text as a message shows it: never more than a few words of it. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 100));
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : text;
}
