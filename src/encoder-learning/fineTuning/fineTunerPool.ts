import type { Worker } from 'node:worker_threads';
import { startThread } from '../../support/startThread';
import type {
  FineTunerData,
  FromFineTuner,
  JobResult,
  ScoreJob,
  StepJob,
  ToFineTuner,
} from './messages';

type Job = StepJob | ScoreJob;

/** What a job gave. A step's dense gradients are good only during the call. */
export type TakeResult = (job: number, result: JobResult, gradients: Float32Array) => void;

/** One thread, and the memory that it leaves gradients in. */
class FineTuner {
  readonly gradients: Float32Array;
  private readonly thread: Worker;
  private readonly left: Promise<void>;
  private waiting:
    { resolve: (result: JobResult) => void; reject: (error: Error) => void } | undefined;

  constructor(data: Omit<FineTunerData, 'gradients'>) {
    const gradients = new SharedArrayBuffer(data.parameters.byteLength);
    this.gradients = new Float32Array(gradients);
    this.thread = startThread(__dirname, 'fineTunerThread', {
      workerData: { ...data, gradients },
    });
    this.thread.on('message', (message: FromFineTuner) => {
      if (message.type === 'done') this.waiting?.resolve(message);
      else this.waiting?.reject(new Error(message.message));
    });
    this.thread.on('error', (error) => this.waiting?.reject(error));
    this.left = new Promise((resolve) => this.thread.once('exit', () => resolve()));
  }

  /** One at a time. */
  ask(job: Job): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.post(
        job,
        job.tables.map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
  }

  /** Ends the thread after what it is at. */
  async close(): Promise<void> {
    this.waiting = undefined;
    this.post({ type: 'close' }, []);
    await this.left;
  }

  private post(message: ToFineTuner, transfer: ArrayBuffer[]): void {
    this.thread.postMessage(message, transfer);
  }
}

/**
 * Threads that compute micro-batches side by side, each with ONNX Runtime on one thread of its own. What
 * they find is taken in the order of the jobs: so the number of threads changes no sum, where ONNX
 * Runtime's own threads change the last bits of products (measured: with 1, 2, 3 and 4 threads, four
 * different gradients of one batch).
 */
export class FineTunerPool {
  private readonly tuners: FineTuner[];

  constructor(threads: number, data: Omit<FineTunerData, 'gradients'>) {
    this.tuners = Array.from({ length: threads }, () => new FineTuner(data));
  }

  /**
   * Runs so many jobs, each made when a thread is free for it; `take` gets their results in the order
   * of the jobs.
   */
  async run(jobs: number, jobOf: (job: number) => Job, take: TakeResult): Promise<void> {
    let next = 0;
    let turn = 0;
    const waiting = new Map<number, () => void>();
    const lane = async (tuner: FineTuner): Promise<void> => {
      for (let job = next++; job < jobs; job = next++) {
        const result = await tuner.ask(jobOf(job));
        if (job !== turn) await new Promise<void>((resolve) => waiting.set(job, resolve));
        take(job, result, tuner.gradients);
        waiting.get(++turn)?.();
      }
    };
    await Promise.all(this.tuners.map(lane));
  }

  /** Ends the threads; each finishes its micro-batch first. */
  async close(): Promise<void> {
    await Promise.all(this.tuners.map((tuner) => tuner.close()));
  }
}
