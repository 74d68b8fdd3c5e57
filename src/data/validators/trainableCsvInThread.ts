import { ReadableStream } from 'node:stream/web';
import type { Worker } from 'node:worker_threads';
import { TrainyardError } from '../../errors';
import { startThread } from '../../support/startThread';
import { ConcurrencyLimit } from '../../support/concurrencyLimit';
import type { CsvThreadMessage, CsvThreadWork } from './csvThread';
import type { CsvFile } from './trainableCsv';

/** Checks that run at once in a process; further ones wait. */
const limit = new ConcurrencyLimit(2);

/**
 * `validateTrainableCsv` on a thread of its own, so that nobody waits for a row that takes long to read.
 * The bytes are read here and go to the thread as it takes them.
 */
export function validateTrainableCsvInThread(
  files: readonly CsvFile[],
  type: string,
  signal: AbortSignal,
): Promise<string[]> {
  return limit.run(async () => {
    signal.throwIfAborted();
    const work: CsvThreadWork = { files: files.map(({ name, bytes }) => ({ name, bytes })), type };
    const thread = startThread(__dirname, 'csvThread', {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const opened: AsyncGenerator[] = [];
    try {
      return await labelsFrom(thread, files, opened, signal);
    } finally {
      await thread.terminate();
      for (const bytes of opened) void bytes.return(undefined).catch(() => undefined);
    }
  });
}

function labelsFrom(
  thread: Worker,
  files: readonly CsvFile[],
  opened: AsyncGenerator[],
  signal: AbortSignal,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const open = (file: number): void => {
      const bytes = noting(files[file]!.chunks(signal), reject);
      opened.push(bytes);
      const stream = ReadableStream.from(bytes);
      thread.postMessage(stream, [stream as never]);
    };
    thread.on('message', (message: CsvThreadMessage) => {
      if (message.event === 'open') open(message.file);
      else if (message.event === 'done') resolve(message.labels);
      else reject(refused(message.refusal));
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread that checks a CSV file ended early')));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** What the bytes fail with is known here as it is; the thread would get a copy of it. */
async function* noting(
  chunks: AsyncIterable<Buffer>,
  onError: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    onError(error);
    throw error;
  }
}

function refused({
  kind,
  code,
  message,
  status,
}: Pick<TrainyardError, 'kind' | 'code' | 'message' | 'status'>): TrainyardError {
  return new TrainyardError(kind, code, message, status);
}
