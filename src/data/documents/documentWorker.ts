import { parentPort } from 'node:worker_threads';
import { messageOf, TrainyardError, type FailureKind } from '../../errors';
import { readWhole, type FileRange } from '../files/fileRange';
import { readDocument } from './documentReader';
import type { DocumentText } from './documentText';

/** What the thread answers to a FileRange. */
export type DocumentReply =
  { document: DocumentText } | { failure: { kind: FailureKind; code: string; message: string } };

async function reply(file: FileRange): Promise<DocumentReply> {
  try {
    const content = await contentOf(file);
    return { document: await readDocument(file.name, content) };
  } catch (error) {
    if (error instanceof TrainyardError) {
      const { kind, code, message } = error;
      return { failure: { kind, code, message } };
    }
    // Whatever a parser throws is about the document that it was given.
    const message = `the document is damaged: ${messageOf(error).split('\n', 1)[0]!.slice(0, 120)}`;
    return { failure: { kind: 'data', code: 'document_damaged', message } };
  }
}

/** What the disk says, such as that too many files are open, is no fault of the document. */
async function contentOf(file: FileRange): Promise<Buffer> {
  try {
    return await readWhole(file);
  } catch (error) {
    if (error instanceof TrainyardError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const message = `the stored copy of ${file.name} could not be read (${code})`;
    throw new TrainyardError('infrastructure', 'file_unreadable', message);
  }
}

// Without a parent this is nobody's thread, and the module does nothing.
parentPort?.on('message', (file: FileRange) => {
  void reply(file).then((answer) => parentPort!.postMessage(answer));
});
