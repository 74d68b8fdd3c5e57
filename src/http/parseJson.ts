import { isUtf8 } from 'node:buffer';
import { messageOf } from '../errors';
import { InvalidJson, scanJson } from './scanJson';

export interface JsonLimits {
  /** Objects, lists and what stands in them, over all depths. @default 100,000 */
  maxValues?: number | undefined;
}

/**
 * The first JSON value of a body, whatever its Content-Type; a byte order mark before it and anything
 * behind it are ignored.
 * @throws InvalidJson when there is none, it is not UTF-8, or nested too deep
 * @throws TrainyardError 413 over `maxValues`
 */
export function parseJson(body: Buffer, { maxValues = 100_000 }: JsonLimits = {}): unknown {
  const { start, end } = scanJson(body, maxValues);
  const bytes = body.subarray(start, end);
  if (!isUtf8(bytes)) throw new InvalidJson('the body is not UTF-8: send JSON in UTF-8');
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidJson(messageOf(error));
  }
  return hasSurrogateEscape.test(text) ? wellFormed(value) : value;
}

const hasSurrogateEscape = /\\u[dD][89a-fA-F]/;

/** Replaces halves of surrogate pairs, which neither UTF-8 nor the database can hold. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  for (const [key, inner] of Object.entries(value)) {
    Object.defineProperty(value, key, { value: wellFormed(inner) });
  }
  return value;
}
