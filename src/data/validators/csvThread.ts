import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadableStream } from 'node:stream/web';
import { TrainyardError } from '../../errors';
import { validateTrainableCsv, type CsvFile } from './trainableCsv';

/** What is to be checked. The thread opens no file itself: it asks whoever started it for the bytes. */
export interface CsvThreadWork {
  files: Pick<CsvFile, 'name' | 'bytes'>[];
  type: string;
}

export type CsvThreadMessage =
  | { event: 'open'; file: number }
  | { event: 'done'; labels: string[] }
  | { event: 'refused'; refusal: Pick<TrainyardError, 'kind' | 'code' | 'message' | 'status'> };

const port = parentPort!;
const say = (message: CsvThreadMessage): void => port.postMessage(message);

async function* received(file: number): AsyncGenerator<Buffer> {
  say({ event: 'open', file });
  const [stream] = (await once(port, 'message')) as [ReadableStream<Uint8Array>];
  for await (const { buffer, byteOffset, byteLength } of stream) {
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

async function check({ files, type }: CsvThreadWork): Promise<void> {
  const sources = files.map((file, index) => ({ ...file, chunks: () => received(index) }));
  try {
    say({ event: 'done', labels: await validateTrainableCsv(sources, type) });
  } catch (error) {
    if (!(error instanceof TrainyardError)) throw error;
    const { kind, code, message, status } = error;
    say({ event: 'refused', refusal: { kind, code, message, status } });
  }
}

void check(workerData as CsvThreadWork);
