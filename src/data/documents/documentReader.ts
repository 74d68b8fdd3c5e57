import { TrainyardError } from '../../errors';
import { emlReader } from './emlReader';
import { docxReader } from './docxReader';
import { htmlReader } from './htmlReader';
import { pdfReader } from './pdfReader';
import type { DocumentReader, DocumentText } from './documentText';
import { txtReader } from './txtReader';

const readers: readonly DocumentReader[] = [
  txtReader,
  emlReader,
  htmlReader,
  pdfReader,
  docxReader,
];

const byExtension = new Map(readers.flatMap((r) => r.extensions.map((e) => [e, r] as const)));

/** Extensions that can be read, with their dot, in lower case. */
export const documentExtensions: readonly string[] = [...byExtension.keys()];

/** The extension of a file name, with its dot, in lower case; "" when there is none. */
export function extensionOf(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot).toLowerCase() : '';
}

/** Throws `unsupported_document` when no reader takes files of this name. */
export function readerFor(name: string): DocumentReader {
  const extension = extensionOf(name);
  const reader = byExtension.get(extension);
  if (reader) return reader;
  throw new TrainyardError(
    'data',
    'unsupported_document',
    `${extension === '' ? 'files without an extension' : `${extension} files`} cannot be read ` +
      `(readable: ${documentExtensions.join(', ')})`,
  );
}

/** The text of a document. What cannot be used is a TrainyardError of kind `data` or `limit`. */
export async function readDocument(name: string, bytes: Buffer): Promise<DocumentText> {
  const reader = readerFor(name);
  if (bytes.length === 0) throw new TrainyardError('data', 'empty_document', 'the file is empty');
  const document = await reader.read(bytes);
  if (document.text.trim() === '') {
    throw new TrainyardError('data', 'empty_document', 'the document holds no text');
  }
  const remark = littleText(document.text, bytes.length);
  return remark ? { ...document, warnings: [...document.warnings, remark] } : document;
}

/** Files of more bytes than this should say more than a few words. */
const largeFile = 20_000;
const fewCharacters = 50;

/** Much in, almost nothing out: told, as the reader may have missed what matters. */
function littleText(text: string, bytes: number): string | undefined {
  if (bytes < largeFile) return undefined;
  const characters = text.replace(/\s+/g, '').length;
  if (characters >= fewCharacters) return undefined;
  return `only ${characters} characters of text were found in ${Math.round(bytes / 1024)} KiB`;
}
