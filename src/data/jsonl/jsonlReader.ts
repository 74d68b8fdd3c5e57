import { TrainyardError } from '../../errors';
import { detectCharset, type Charset } from '../charset/detect';
import type { ChunkSource } from '../files/fileRange';
import { utf8Chunks } from '../files/utf8Chunks';
import { jsonFault } from './jsonFault';
import { splitLines } from './lineSplitter';

export interface JsonlOptions {
  onRow: (row: Record<string, unknown>, line: number) => void;
  /** A line that cannot be used, counted from 1, and why. */
  onBadRow: (line: number, reason: string) => void;
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
  /** Bytes of one line; a longer one is bad. @default 16 MiB */
  maxRowBytes?: number;
}

/**
 * Streams a file of JSON Lines (jsonlines.org): an object a line, any charset, blank lines skipped. Lines
 * that hold something else go to `onBadRow`; a file that is one array, or not text, throws.
 * The source is read twice: once to tell its charset.
 */
export async function readJsonl(
  file: ChunkSource,
  { onRow, onBadRow, onProgress, signal, maxRowBytes = 16 << 20 }: JsonlOptions,
): Promise<Charset> {
  const charset = await detectCharset(file.chunks(signal));
  const chunks = utf8Chunks(file, charset, { format: 'JSON Lines', onProgress, signal });
  let first = true;
  for await (const line of splitLines(chunks, maxRowBytes)) {
    const text = line.bytes.toString('utf8');
    const isBlank = text.trim() === '';
    if (isBlank && !line.tooLong) continue;
    if (first && text.trimStart().startsWith('[')) throw oneArray(file.name);
    first = false;
    const found = line.tooLong
      ? `longer than ${Math.round(maxRowBytes / (1 << 20))} MiB`
      : parse(text, charset);
    if (typeof found === 'string') onBadRow(line.number, found);
    else onRow(found, line.number);
  }
  return charset;
}

/** The object that a line holds, or why it holds none. */
function parse(text: string, charset: Charset): Record<string, unknown> | string {
  if (charset.damaged && text.includes('\ufffd')) return `bytes that are not ${charset.name}`;
  try {
    const value: unknown = JSON.parse(text.trim());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    return `the line holds ${kind}; it must hold an object, such as {"text": "…"}`;
  } catch {
    return `not JSON: ${faultIn(text)}. Each line must hold a whole object`;
  }
}

function faultIn(line: string): string {
  const text = line.trim();
  const fault = jsonFault(text) ?? text.length;
  if (fault === text.length) return 'it ends too early';
  return `see character ${line.indexOf(text) + fault + 1}`;
}

function oneArray(file: string): TrainyardError {
  return new TrainyardError(
    'data',
    'not_jsonl',
    `${file} holds one JSON array. Write one object a line, without brackets around them or commas between.`,
  );
}
