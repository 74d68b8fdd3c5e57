import { StringDecoder } from 'node:string_decoder';
import iconv from 'iconv-lite';
import type { Charset } from './charset';
import { iconvName } from './labels';

/** Turns bytes that come in chunks into text; a character may lie across two chunks. */
export interface CharsetDecoder {
  write(bytes: Buffer): string;
  /** What the last chunk left open. */
  end(): string;
}

/** Chunks of a file in any charset as text without a byte order mark at its start. */
export async function* asText(
  chunks: AsyncIterable<Buffer>,
  charset: Charset,
): AsyncGenerator<string> {
  const decoder = openDecoder(charset);
  let first = true;
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    if (text === '') continue;
    yield first ? withoutMark(text) : text;
    first = false;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/** As `asText`, in UTF-8: what is UTF-8 already is passed on. */
export async function* asUtf8(
  chunks: AsyncIterable<Buffer>,
  charset: Charset,
): AsyncGenerator<Buffer> {
  if (charset.name === 'utf-8') yield* withoutStart(chunks, charset.bom);
  else for await (const text of asText(chunks, charset)) yield Buffer.from(text, 'utf8');
}

/** A document in memory as text, without a byte order mark. */
export function decodeText(bytes: Buffer, charset: Charset): string {
  const decoder = openDecoder(charset);
  return withoutMark(decoder.write(bytes) + decoder.end());
}

// Not Node's TextDecoder: in some versions it reads windows-1252 as ISO-8859-1, and its tables come with Node.
function openDecoder({ name }: Charset): CharsetDecoder {
  if (name === 'utf-8') return new StringDecoder('utf8');
  const known = iconvName(name);
  if (known === undefined) return webDecoder(name);
  const decoder = iconv.getDecoder(known, { stripBOM: false });
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' };
}

/** For the one charset that iconv-lite lacks: ISO-2022-JP, in which Japanese mails are written. */
function webDecoder(name: string): CharsetDecoder {
  const decoder = new TextDecoder(name, { ignoreBOM: true });
  return {
    write: (bytes) => decoder.decode(bytes, { stream: true }),
    end: () => decoder.decode(),
  };
}

async function* withoutStart(
  chunks: AsyncIterable<Buffer>,
  length: number,
): AsyncGenerator<Buffer> {
  let left = length;
  for await (const chunk of chunks) {
    yield left > 0 ? chunk.subarray(left) : chunk;
    left = Math.max(0, left - chunk.length);
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
