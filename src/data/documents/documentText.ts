import { TrainyardError } from '../../errors';

/** What a reader makes of a document. */
export interface DocumentText {
  text: string;
  /** Charset that the bytes were decoded with; null for formats that carry their own. */
  charset: string | null;
  /** Short remarks for people, such as "only the first 2000 pages were read". */
  warnings: string[];
}

/** Reads documents of one kind. Never runs what a document carries, never fetches what it names. */
export interface DocumentReader {
  /** With their dot, in lower case. */
  extensions: readonly string[];
  /** Throws TrainyardError with the reason when the document cannot be used. */
  read(bytes: Buffer): Promise<DocumentText>;
}

/**
 * Bounds on one document; what is over them is refused, or cut where it says so. They decide which documents
 * become rows, so they depend on nothing: neither on the memory nor on the cores of an allocation.
 */
export const documentLimits = {
  /** Bytes of a file. */
  fileBytes: 100 << 20,
  /** Pages of a PDF that are read; the others are left out. */
  pages: 2000,
  /** Characters of text that a reader gathers before it stops reading. */
  characters: 2_000_000,
  /** Bytes of unzipped XML in a docx. */
  unzippedBytes: 50 << 20,
  /** Entries of a zip archive. */
  zipEntries: 10_000,
  /** Processor time for one document in milliseconds. */
  cpuMilliseconds: 30_000,
  /** Time for one document in milliseconds, whatever it waits for. */
  wallMilliseconds: 300_000,
  /** Memory in MiB that the process may grow by for one document. */
  memoryMb: 350,
} as const;

/** The refusal of a document that is broken or not what its name says. */
export function unreadable(code: string, reason: string): TrainyardError {
  return new TrainyardError('data', code, reason);
}

/** The refusal of a document that is larger than `documentLimits` allow. */
export function overLimit(reason: string): TrainyardError {
  return new TrainyardError('limit', 'document_too_large', reason);
}
