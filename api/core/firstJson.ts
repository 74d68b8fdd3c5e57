import { TrainyardError, messageOf } from '../../src/errors';

/** Deeper JSON is no request of ours, and would exhaust the stack of what reads it. */
const deepest = 200;

/** A 400 in the words that v2 clients know. */
export function badBody(reason: string): TrainyardError {
  return new TrainyardError(
    'config',
    'bad_request_body',
    `error parsing request body: ${reason}`,
    400,
  );
}

/**
 * The first JSON value of a body, whatever its Content-Type; what follows it is ignored.
 * @throws TrainyardError 400 when there is none
 */
export function firstJson(body: Buffer): unknown {
  // The decoder drops a byte order mark and replaces bytes that are no UTF-8.
  const text = new TextDecoder().decode(body);
  const end = endOfFirstValue(text);
  if (end === 0) throw badBody('the body is empty, where a JSON object is expected');
  try {
    const value: unknown = JSON.parse(text.slice(0, end));
    return hasSurrogateEscape.test(text) ? wellFormed(value) : value;
  } catch (error) {
    throw badBody(messageOf(error));
  }
}

const hasSurrogateEscape = /\\u[dD][89a-fA-F]/;

/** Where the first value ends: after its closing bracket or quote, or where a bare word stops. */
function endOfFirstValue(text: string): number {
  const start = text.search(/[^\t\n\r ]/);
  if (start === -1) return 0;
  if (!'{["'.includes(text[start]!)) {
    const length = text.slice(start).search(/[\t\n\r {["]/);
    return length === -1 ? text.length : start + length;
  }
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
      if (inString || depth > 0) continue;
      return i + 1;
    }
    if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth > deepest) throw badBody(`nested deeper than ${deepest} levels`);
    } else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
  }
  return text.length;
}

/** Replaces halves of surrogate pairs, which neither UTF-8 nor the database can hold. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  for (const [key, inner] of Object.entries(value)) {
    Object.defineProperty(value, key, { value: wellFormed(inner) });
  }
  return value;
}
