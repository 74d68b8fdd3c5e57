import { isAscii, isUtf8 } from 'node:buffer';
import { plainCharset, utf8, type Charset } from './charset';
import { guessCharset } from './guess';

export { utf8, type Charset } from './charset';

const marks: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Bytes of a file that are looked at when it is not UTF-8. */
export const sampleBytes = 256 << 10;

/** What the bytes of a file say: its charset where that is certain, else those that are not ASCII with what stands around them. */
export type Inspection = { charset: Charset } | { sample: Buffer };

/**
 * Looks at a file for a byte order mark, UTF-16 without one, and UTF-8, also with a few wrong bytes. Reads to the end
 * only when the file is UTF-8.
 */
export async function inspect(chunks: AsyncIterable<Buffer>): Promise<Inspection> {
  const check = new Utf8Check();
  let marked: Charset | undefined;
  let sample: Buffer[] = [];
  let sampled = 0;
  let first = true;
  for await (const chunk of chunks) {
    if (first) {
      marked = byteOrderMark(chunk);
      if (marked && marked.name !== 'utf-8') return { charset: marked };
      const wide = marked ? undefined : wideWithoutMark(chunk);
      if (wide) return { charset: wide };
      first = false;
    }
    const wasValid = check.valid;
    check.add(chunk);
    if (check.valid) continue;
    if (wasValid) sample = [];
    if (isAscii(chunk)) continue;
    sample.push(chunk);
    sampled += chunk.length;
    if (sampled >= sampleBytes) break;
  }
  check.end();
  if (check.valid) return { charset: marked ?? utf8 };
  if (marked) return { charset: { ...marked, damaged: true } };
  const bytes = sample.length > 0 ? Buffer.concat(sample) : check.tail;
  return mostlyUtf8(bytes) ? { charset: { ...utf8, damaged: true } } : { sample: bytes };
}

/** The charset of a file: what is certain, else a guess by its bytes (see guessCharset). */
export async function detectCharset(chunks: AsyncIterable<Buffer>): Promise<Charset> {
  const found = await inspect(chunks);
  return 'charset' in found ? found.charset : plainCharset(guessCharset([found.sample]));
}

/** As `detectCharset`, for a document in memory. */
export function detectCharsetOf(bytes: Buffer): Charset {
  const marked = byteOrderMark(bytes) ?? wideWithoutMark(bytes);
  if (marked && marked.name !== 'utf-8') return marked;
  if (isUtf8(bytes)) return marked ?? utf8;
  if (marked ?? mostlyUtf8(bytes)) return { ...(marked ?? utf8), damaged: true };
  return plainCharset(guessCharset([bytes.subarray(0, sampleBytes)]));
}

function byteOrderMark(start: Buffer): Charset | undefined {
  const found = marks.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte));
  return found && { name: found[0], bom: found[1].length, damaged: false };
}

/**
 * UTF-16 without a mark: text never holds NUL bytes, and in UTF-16 line breaks, spaces and digits have one, always
 * the same half of two.
 */
function wideWithoutMark(start: Buffer): Charset | undefined {
  const length = Math.min(start.length, 4096) & ~1;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (start[i] === 0) zeros[i & 1]!++;
  const least = Math.max(2, length / 100);
  if (zeros[1]! >= least && zeros[0]! * 20 < zeros[1]!) return plainCharset('utf-16le');
  if (zeros[0]! >= least && zeros[1]! * 20 < zeros[0]!) return plainCharset('utf-16be');
  return undefined;
}

/** At least ten proper multi-byte characters for every byte that is not UTF-8. */
function mostlyUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  let wrong = 0;
  let right = 0;
  for (const character of text) {
    if (character === '\ufffd') wrong++;
    else if (character > '\x7f') right++;
  }
  return right > 10 * wrong;
}

/** Is a stream of chunks UTF-8? A character may lie across two chunks. */
class Utf8Check {
  valid = true;
  tail: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    if (!this.valid) return;
    const bytes = this.tail.length > 0 ? Buffer.concat([this.tail, chunk]) : chunk;
    const whole = wholeCharacters(bytes);
    this.valid = isUtf8(bytes.subarray(0, whole));
    this.tail = bytes.subarray(whole);
  }

  end(): void {
    this.valid &&= isUtf8(this.tail);
  }
}

/** Where the last character that may go on after the end of `bytes` starts, else their length. */
export function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
