/** How the bytes of a text file become characters. */
export interface Charset {
  /** Name of the WHATWG table in lower case, or of a DOS or Mac page: `utf-8`, `windows-1250`, `cp852`, … */
  name: string;
  /** Bytes of a byte order mark at the start. */
  bom: number;
  /** UTF-8 with some bytes that are not: those read as U+FFFD. */
  damaged: boolean;
}

export const utf8: Charset = { name: 'utf-8', bom: 0, damaged: false };

/** A charset without a mark, whose bytes are all right. */
export function plainCharset(name: string): Charset {
  return { name, bom: 0, damaged: false };
}
