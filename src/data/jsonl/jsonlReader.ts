import { TrainyardError } from '../../errors';
import type { Charset } from '../charset/charset';
import { detectCharset } from '../charset/detect';
import type { ChunkSource } from '../files/fileRange';
import { asUtf8 } from '../charset/decode';
import type { RowCounts } from '../csv/rowSorter';
import { tooLong, unaccounted } from '../csv/problems';
import { checkedChunks } from '../files/checkedChunks';
import { jsonFault } from './jsonFault';
import { splitLines } from './lineSplitter';

export interface JsonlOptions {
  /** @default what its bytes show, see detectCharset */
  charset?: Charset;
  onRow: (row: Record<string, unknown>, line: number) => void;
  /** A line that cannot be used, counted from 1, and why. */
  onBadRow: (line: number, reason: string) => void;
  /** Bytes of the file read so far; called about once per 256 KiB. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
  /** Bytes of one line; a longer one is bad. @default 16 MiB */
  maxRowBytes?: number;
}

export interface JsonlSummary {
  charset: Charset;
  counts: RowCounts;
}

/**
 * Streams a file of JSON Lines (jsonlines.org): an object a line, any charset, blank lines skipped. Lines
 * that hold something else go to `onBadRow`; a file that is one array, or not text, throws. Each line of the
 * file is in `counts`.
 */
export async function readJsonl(file: ChunkSource, options: JsonlOptions): Promise<JsonlSummary> {
  const { onRow, onBadRow, onProgress, signal, maxRowBytes = 16 << 20 } = options;
  const charset = options.charset ?? (await detectCharset(file.chunks(signal)));
  const chunks = asUtf8(checkedChunks(file, { format: 'JSON Lines', onProgress, signal }), charset);
  const counts: RowCounts = { lines: 0, good: 0, bad: 0, blank: 0, other: 0 };
  for await (const line of splitLines(chunks, maxRowBytes)) {
    counts.lines++;
    // trim also takes off the byte order mark of a file that was added to another.
    const text = line.bytes.toString('utf8');
    if (!line.tooLong && text.trim() === '') {
      counts.blank++;
      continue;
    }
    if (counts.good + counts.bad === 0 && text.trimStart().startsWith('[')) {
      throw oneArray(file.name);
    }
    const found = line.tooLong ? tooLong(maxRowBytes) : parse(text, charset);
    if (typeof found === 'string') {
      counts.bad++;
      onBadRow(line.number, found);
    } else {
      counts.good++;
      onRow(found, line.number);
    }
  }
  const { lines, good, bad, blank } = counts;
  if (good + bad + blank !== lines) throw unaccounted(file.name, good + bad + blank, lines);
  return { charset, counts };
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
