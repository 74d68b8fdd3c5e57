import iconv from 'iconv-lite';
import type { Charset } from './detect';

/** Chunks of a file in any charset as UTF-8 without a byte order mark. */
export async function* asUtf8(
  chunks: AsyncIterable<Buffer>,
  charset: Charset,
): AsyncGenerator<Buffer> {
  if (charset.name === 'utf-8') {
    yield* withoutStart(chunks, charset.bom);
    return;
  }
  const decoder = iconv.getDecoder(charset.name, { stripBOM: true });
  for await (const chunk of chunks) yield Buffer.from(decoder.write(chunk), 'utf8');
  const rest = decoder.end();
  if (rest) yield Buffer.from(rest, 'utf8');
}

/** A document in memory as text, without a byte order mark. */
export function decodeText(bytes: Buffer, charset: Charset): string {
  if (charset.name === 'utf-8') return bytes.toString('utf8', charset.bom);
  return iconv.decode(bytes, charset.name, { stripBOM: true });
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
