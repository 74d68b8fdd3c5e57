import iconv from 'iconv-lite';

// Pages of DOS and of spreadsheets on old Macs, which the web does not know.
const others = /^(?:cp|ibm|dos)-?(437|737|775|850|852|855|857|858|860|861|862|863|864|865|869)$/;
const aliases = new Map([
  ['macroman', 'macintosh'],
  ['maccentraleurope', 'maccenteuro'],
  ['x-mac-ce', 'maccenteuro'],
  ['maccenteuro', 'maccenteuro'],
]);

/** What iconv-lite calls what the WHATWG table calls otherwise. */
const inIconv = new Map([['x-mac-cyrillic', 'macukraine']]);

/**
 * The charset that a name from outside means: by the label table of the WHATWG Encoding Standard, so
 * `latin1` and `iso-8859-1` are windows-1252, and by a few names of DOS and Mac pages beside it. Undefined
 * when it names none that can be read.
 */
export function charsetOfLabel(label: string): string | undefined {
  const name = label.trim().toLowerCase();
  const dos = others.exec(name)?.[1];
  if (dos !== undefined) return `cp${dos}`;
  return aliases.get(name) ?? webCharset(name);
}

function webCharset(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    // A RangeError: no such label, or one of an encoding that is not to be read.
    return undefined;
  }
}

/** The name that iconv-lite has for a charset; undefined when it cannot read it. */
export function iconvName(charset: string): string | undefined {
  const name = inIconv.get(charset) ?? charset;
  return iconv.encodingExists(name) ? name : undefined;
}

/** For messages: the charsets that files most often have, one a script or system. */
export const shownCharsets =
  'utf-8, windows-1250 to windows-1258, iso-8859-2, koi8-r, shift_jis, euc-jp, gb18030, big5, euc-kr, ' +
  'windows-874, cp437, cp850, cp852, cp866, macintosh, utf-16le';
