import type { Worker } from 'node:worker_threads';
import { TrainyardError } from '../../errors';
import { startThread } from '../../support/startThread';
import type {
  AnsweredRequest,
  Computed,
  ThreadAnswer,
  ThreadError,
  ThreadReply,
  ThreadRequest,
  Work,
} from './protocol';

type Task = AnsweredRequest extends infer R
  ? R extends AnsweredRequest
    ? Omit<R, 'id'>
    : never
  : never;

interface Waiting {
  resolve: (answer: ThreadAnswer) => void;
  reject: (error: unknown) => void;
}

/**
 * One worker thread, seen from the main thread. When it dies (memory, a crash of the runtime), all
 * that waits for it is rejected with `thread_died`, and `onDeath` is called once.
 */
export class PredictorThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private dead = false;
  private readonly exited: Promise<void>;

  constructor(private readonly onDeath: (thread: PredictorThread) => void) {
    this.worker = startThread(__dirname, 'predictorThread');
    this.worker.on('message', (reply: ThreadReply) => this.settle(reply));
    // The exit that follows rejects what waits.
    this.worker.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.died();
        resolve();
      });
    });
  }

  /** @param type the kind of the model in the folder */
  async open(handle: number, type: string, folder: string): Promise<void> {
    await this.send({ do: 'open', handle, type, folder });
  }

  /** @param signal ends it soon, with an error, once it is aborted */
  async run(handle: number, work: Work, signal?: AbortSignal): Promise<Computed> {
    const id = this.nextId++;
    const abort = (): void => {
      if (!this.dead) this.worker.postMessage({ id, do: 'abort' } satisfies ThreadRequest);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return (await this.send({ do: 'run', handle, work }, id)) as Computed;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async close(handle: number): Promise<void> {
    await this.send({ do: 'close', handle });
  }

  /**
   * Ends the thread when it is done with the message in its hands; what waits is rejected. The thread
   * leaves by itself: one that is cut off inside ONNX Runtime's native code, as `worker.terminate()`
   * would, takes the whole process with it.
   */
  async end(): Promise<void> {
    if (this.dead) return;
    this.worker.postMessage({ id: 0, do: 'end' } satisfies ThreadRequest);
    await this.exited;
  }

  private send(task: Task, id = this.nextId++): Promise<ThreadAnswer> {
    if (this.dead) return Promise.reject(threadDied());
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...task, id });
    });
  }

  private settle(reply: ThreadReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.answer);
    else waiting?.reject(received(reply.error));
  }

  private died(): void {
    if (this.dead) return;
    this.dead = true;
    for (const { reject } of this.waiting.values()) reject(threadDied());
    this.waiting.clear();
    this.onDeath(this);
  }
}

export function threadDied(): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'thread_died',
    'the thread that computes predictions ended unexpectedly: try again',
    503,
  );
}

function received({ kind, code, message, status, stack }: ThreadError): Error {
  const error = new TrainyardError(kind, code, message, status);
  if (stack !== undefined) error.stack = stack;
  return error;
}
