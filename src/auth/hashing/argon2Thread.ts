import type { Worker } from 'node:worker_threads';
import { startThread } from '../../support/startThread';
import type { Argon2Answer, Argon2Task } from './argon2Task';

/**
 * A thread for argon2 alone. Its asynchronous functions would run in libuv's four threads, in which
 * the process also reads and writes its files: a few sign-ins would hold up every upload.
 */
export class Argon2Thread {
  private worker: Worker | undefined;

  /** Does one task; the caller waits for its answer before it asks again. */
  async run(task: Argon2Task): Promise<string | boolean> {
    const worker = this.started();
    worker.ref();
    try {
      const answer = await nextAnswer(worker, task);
      if ('error' in answer) throw new Error(answer.error);
      return answer.value;
    } finally {
      // An idle thread keeps no process from ending.
      worker.unref();
    }
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = startThread(__dirname, 'argon2Worker');
    const forget = (): void => {
      if (this.worker === worker) this.worker = undefined;
    };
    worker.once('error', forget);
    worker.once('exit', forget);
    return (this.worker = worker);
  }
}

function nextAnswer(worker: Worker, task: Argon2Task): Promise<Argon2Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => settle(() => reject(new Error('the hashing thread ended')));
    const onError = (error: Error): void => settle(() => reject(error));
    const onMessage = (answer: Argon2Answer): void => settle(() => resolve(answer));
    const settle = (end: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}
