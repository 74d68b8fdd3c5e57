import { TrainyardError } from '../errors';

/** The bytes are no JSON that we take; the message says why. */
export class InvalidJson extends Error {}

/** Deeper JSON is no request of ours, and would exhaust the stack of what reads it. */
const maxDepth = 200;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openList = 0x5b;
const closeList = 0x5d;
const blanks = new Set(Buffer.from('\t\n\r '));
const endsOfWord = new Set(Buffer.from('\t\n\r {["'));

/**
 * Where the first JSON value starts and ends, found in one pass that allocates nothing. What would make
 * `JSON.parse` take seconds is refused before it begins.
 * @throws InvalidJson when there is no value, or it is nested too deep
 * @throws TrainyardError 413 when it has more than `maxValues` values
 */
export function scanJson(bytes: Buffer, maxValues: number): { start: number; end: number } {
  let start = hasByteOrderMark(bytes) ? 3 : 0;
  while (blanks.has(bytes[start]!)) start++;
  if (start >= bytes.length) throw new InvalidJson('the body is empty, where JSON is expected');
  const first = bytes[start];
  if (first === quote) return { start, end: endOfString(bytes, start) };
  if (first === openObject || first === openList) {
    return { start, end: endOfContainer(bytes, start, maxValues) };
  }
  let end = start;
  while (end < bytes.length && !endsOfWord.has(bytes[end]!)) end++;
  return { start, end };
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** What stands outside of strings is ASCII, so that bytes are all that has to be looked at. */
function endOfContainer(bytes: Buffer, start: number, maxValues: number): number {
  let depth = 0;
  let values = 0;
  for (let i = start; i < bytes.length; i++) {
    const at = bytes[i];
    if (at === quote) i = endOfString(bytes, i) - 1;
    else if (at === openObject || at === openList) {
      values++;
      if (++depth > maxDepth) throw new InvalidJson(`nested deeper than ${maxDepth} levels`);
    } else if (at === closeObject || at === closeList) {
      if (--depth === 0) return i + 1;
    } else if (at === comma) values++;
    if (values > maxValues) throw tooManyValues(maxValues);
  }
  return bytes.length;
}

/** The place after the closing quote of the string that opens at `start`. */
function endOfString(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    const at = bytes[i];
    if (at === quote) return i + 1;
    if (at === backslash) i++;
  }
  return bytes.length;
}

function tooManyValues(maxValues: number): TrainyardError {
  const message = `the request body has more than ${maxValues} values, which is the most that is taken here`;
  return new TrainyardError('limit', 'too_many_values', message, 413);
}
