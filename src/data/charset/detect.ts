import { isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { utf8, type Charset } from './charset';

export { utf8, type Charset } from './charset';

const marks: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Bytes that are looked at when a file is not UTF-8. */
const sampleBytes = 256 << 10;

/**
 * The charset of a file, from all of its bytes: a byte order mark, else valid UTF-8, else what the
 * statistics of chardet say about the parts that are not ASCII. Reads to the end only when the
 * file is UTF-8.
 */
export async function detectCharset(chunks: AsyncIterable<Buffer>): Promise<Charset> {
  const check = new Utf8Check();
  let marked: Charset | undefined;
  let sample: Buffer[] = [];
  let sampled = 0;
  let first = true;
  for await (const chunk of chunks) {
    if (first) {
      marked = byteOrderMark(chunk);
      if (marked && marked.name !== 'utf-8') return marked;
      const wide = marked ? undefined : wideWithoutMark(chunk);
      if (wide) return wide;
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
  if (check.valid) return marked ?? utf8;
  const bytes = sample.length > 0 ? Buffer.concat(sample) : check.tail;
  if (marked) return { ...marked, damaged: true };
  return mostlyUtf8(bytes) ? { ...utf8, damaged: true } : guess(bytes);
}

/** As `detectCharset`, for a document in memory. */
export function detectCharsetOf(bytes: Buffer): Charset {
  const marked = byteOrderMark(bytes) ?? wideWithoutMark(bytes);
  if (marked && marked.name !== 'utf-8') return marked;
  if (isUtf8(bytes)) return marked ?? utf8;
  if (marked ?? mostlyUtf8(bytes)) return { ...(marked ?? utf8), damaged: true };
  return guess(bytes.subarray(0, sampleBytes));
}

function byteOrderMark(start: Buffer): Charset | undefined {
  const found = marks.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte));
  return found && { name: found[0], bom: found[1].length, damaged: false };
}

/** UTF-16 without a mark: every second byte of western text is zero. */
function wideWithoutMark(start: Buffer): Charset | undefined {
  const length = Math.min(start.length, 4096) & ~1;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (start[i] === 0) zeros[i & 1]!++;
  const half = length / 2;
  if (zeros[1]! > half * 0.4 && zeros[0]! < half * 0.1) return { ...utf8, name: 'utf-16le' };
  if (zeros[0]! > half * 0.4 && zeros[1]! < half * 0.1) return { ...utf8, name: 'utf-16be' };
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

// What web browsers read under these names: the Windows page holds all that the ISO one does.
const supersets = new Map([
  ['iso-8859-1', 'windows-1252'],
  ['iso-8859-9', 'windows-1254'],
  ['euc-kr', 'cp949'],
]);

function guess(bytes: Buffer): Charset {
  for (const { name } of analyse(bytes)) {
    const lower = name.toLowerCase();
    if (lower === 'utf-8' || lower.startsWith('utf-') || lower === 'ascii') continue;
    const charset = supersets.get(lower) ?? lower;
    if (iconv.encodingExists(charset)) return { name: charset, bom: 0, damaged: false };
  }
  return { name: 'windows-1252', bom: 0, damaged: false };
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
