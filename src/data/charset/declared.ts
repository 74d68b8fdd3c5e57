import { isAscii, isUtf8 } from 'node:buffer';
import { plainCharset, type Charset } from './charset';
import { decodeText } from './decode';
import { detectCharsetOf } from './detect';
import { charsetOfLabel } from './labels';

/** The charset in which a document is to be read. */
export interface ResolvedCharset {
  charset: Charset;
  /** Why what the document says of itself does not count; for a warning. Absent when it counts, or says nothing. */
  ignored?: string;
}

/**
 * The charset of a document that names one itself, as a page does in `<meta>` and a mail in `Content-Type`. The
 * name goes through the WHATWG table and must agree with the bytes: a byte order mark and valid UTF-8 count
 * more, and a name that is none, that is of wide characters where there are none, or that leaves bytes
 * without a meaning is not obeyed. Then the bytes decide (see `detectCharsetOf`).
 */
export function resolveDeclaredCharset(label: string | undefined, bytes: Buffer): ResolvedCharset {
  const detected = detectCharsetOf(bytes);
  if (label === undefined || label.trim() === '') return { charset: detected };
  const named = charsetOfLabel(label);
  if (named !== undefined && agrees(named, detected, bytes)) {
    return { charset: named === detected.name ? detected : plainCharset(named) };
  }
  if (isAscii(bytes) && named !== undefined) return { charset: detected };
  const shown = JSON.stringify(label.trim().slice(0, 40));
  const why = named === undefined ? 'names no known charset' : 'does not fit its bytes';
  return { charset: detected, ignored: `the charset ${shown} ${why}; read as ${detected.name}` };
}

function agrees(named: string, detected: Charset, bytes: Buffer): boolean {
  if (named === detected.name) return true;
  // Escape sequences of ASCII bytes: to everything else such a text is ASCII.
  if (named === 'iso-2022-jp') return isAscii(bytes) && bytes.includes('\x1b');
  if (detected.bom > 0 || isWide(detected.name) || isUtf8(bytes)) return false;
  if (named === 'utf-8' || isWide(named)) return false;
  return hasMeaning(bytes, plainCharset(named));
}

function isWide(name: string): boolean {
  return name.startsWith('utf-16') || name.startsWith('utf-32');
}

/** Whether at most one in a hundred of the characters that are not ASCII is none in this charset. */
function hasMeaning(bytes: Buffer, charset: Charset): boolean {
  let none = 0;
  let some = 0;
  for (const character of decodeText(bytes, charset)) {
    if (character === '\ufffd') none++;
    else if (character > '\x7f') some++;
  }
  return none * 100 <= some;
}
