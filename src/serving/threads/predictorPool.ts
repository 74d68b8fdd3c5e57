import { TrainyardError } from '../../errors';
import type { TextPrediction } from '../../model-types/nlp-text/predictor';
import { batchSize, JobQueue, type Job, type PooledModel } from './jobQueue';
import { PredictorThread, threadDied } from './predictorThreadClient';
import type { PredictOptions } from './protocol';

export interface PoolOptions {
  /** Threads that compute, beside the one that talks HTTP. */
  threads: number;
  /** Most memory for opened models in bytes, as the size of their files; copies in other threads count. */
  maxBytes: number;
  /** Most texts that wait for a thread before callers are told to come back. @default 20,000 */
  maxWaiting?: number;
  /** Starts a thread; for tests. */
  startThread?: ((onDeath: (thread: PredictorThread) => void) => PredictorThread) | undefined;
}

/** Messages a thread may have: one in work, one at hand when that is done. */
const depth = 2;
const restartPauseMs = 1000;

/**
 * Spreads predictions over threads. A model is opened in one thread and, while its requests queue
 * up and another thread idles, in that one too. Requests that wait for the same model are computed
 * together: under load a message carries many texts, without load nobody waits for company.
 */
export class PredictorPool {
  private readonly threads: PredictorThread[] = [];
  private readonly models = new Map<number, PooledModel>();
  private readonly queue = new JobQueue();
  private nextHandle = 1;
  private ended = false;

  constructor(private readonly options: PoolOptions) {
    for (let i = 0; i < options.threads; i++) this.threads.push(this.startThread());
  }

  /** Size of all opened models, copies included. */
  get bytes(): number {
    let sum = 0;
    for (const model of this.models.values()) sum += model.bytes * Math.max(1, model.on.size);
    return sum;
  }

  /** Texts that wait for a thread. */
  get waiting(): number {
    return this.queue.texts;
  }

  /** Opens a bundle in the thread that holds the least. @returns the handle to predict with */
  async open(folder: string, bytes: number): Promise<number> {
    const handle = this.nextHandle++;
    const model: PooledModel = { handle, folder, bytes, on: new Set(), opening: undefined };
    this.models.set(handle, model);
    try {
      const thread = this.leastLoaded();
      if (!thread) throw threadDied();
      await this.openOn(model, thread);
    } catch (error) {
      this.models.delete(handle);
      throw error;
    }
    return handle;
  }

  /** Lets go of a model. Nobody may be predicting with it. */
  async close(handle: number): Promise<void> {
    const model = this.models.get(handle);
    if (!model) return;
    this.models.delete(handle);
    await model.opening?.catch(() => undefined);
    // A thread that died has let go already.
    await Promise.allSettled([...model.on].map((thread) => thread.close(handle)));
  }

  /** @throws TrainyardError `overloaded` when too many texts wait. */
  async predict(
    handle: number,
    texts: string[],
    options: PredictOptions,
  ): Promise<TextPrediction[]> {
    const model = this.models.get(handle);
    if (!model) throw new Error(`model ${handle} is not open`);
    if (texts.length <= batchSize) return this.enqueue(model, texts, options);
    const slices: string[][] = [];
    for (let i = 0; i < texts.length; i += batchSize) slices.push(texts.slice(i, i + batchSize));
    const answers: TextPrediction[][] = new Array<TextPrediction[]>(slices.length);
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let i = next++; i < slices.length; i = next++) {
        answers[i] = await this.enqueue(model, slices[i]!, options);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, this.threads.length) * depth }, lane));
    return answers.flat();
  }

  /** Ends every thread; what is under way is lost, so drain first. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  private enqueue(
    model: PooledModel,
    texts: string[],
    options: PredictOptions,
  ): Promise<TextPrediction[]> {
    if (this.queue.texts + texts.length > (this.options.maxWaiting ?? 20_000)) {
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ model, texts, options, retried: false, resolve, reject });
      this.dispatch();
    });
  }

  /** Gives every thread with room the oldest job that it can do. */
  private dispatch(): void {
    for (const thread of this.threads) {
      while (thread.pending < depth) {
        const jobs = this.queue.takeFor(thread);
        if (jobs.length === 0) break;
        void this.run(thread, jobs);
      }
    }
    const oldest = this.queue.oldest;
    if (oldest) this.spread(oldest.model);
  }

  private async run(thread: PredictorThread, jobs: Job[]): Promise<void> {
    const { model, options } = jobs[0]!;
    const texts = jobs.length === 1 ? jobs[0]!.texts : jobs.flatMap((job) => job.texts);
    try {
      const answers = await thread.predict(model.handle, texts, options);
      let from = 0;
      for (const job of jobs) job.resolve(answers.slice(from, (from += job.texts.length)));
    } catch (error) {
      for (const job of jobs) this.failed(job, error);
    }
    this.dispatch();
  }

  private failed(job: Job, error: unknown): void {
    const again =
      error instanceof TrainyardError &&
      error.code === 'thread_died' &&
      !job.retried &&
      !this.ended;
    if (!again) {
      job.reject(error);
      return;
    }
    job.retried = true;
    this.queue.putBack(job);
  }

  /** Opens a model whose requests wait in a thread that idles, or anywhere when no thread has it. */
  private spread(model: PooledModel): void {
    if (model.opening || this.ended || !this.models.has(model.handle)) return;
    const idle = this.threads.find((thread) => !model.on.has(thread) && thread.pending === 0);
    const fits = this.bytes + model.bytes <= this.options.maxBytes;
    const target = model.on.size === 0 ? this.leastLoaded() : fits ? idle : undefined;
    if (!target) return;
    this.openOn(model, target).then(
      () => this.dispatch(),
      (error: unknown) => {
        // Another thread serves it; only when none does is there nobody to wait for.
        if (model.on.size > 0) return;
        for (const job of this.queue.removeOf(model)) job.reject(error);
      },
    );
  }

  private openOn(model: PooledModel, thread: PredictorThread): Promise<void> {
    model.opening = thread
      .open(model.handle, model.folder)
      .then(() => {
        // It may have died between the answer and now.
        if (this.threads.includes(thread)) model.on.add(thread);
        else throw threadDied();
      })
      .finally(() => {
        model.opening = undefined;
      });
    return model.opening;
  }

  private leastLoaded(): PredictorThread | undefined {
    const load = new Map(this.threads.map((thread) => [thread, 0]));
    for (const model of this.models.values()) {
      for (const thread of model.on) load.set(thread, (load.get(thread) ?? 0) + model.bytes);
    }
    return this.threads.toSorted((a, b) => load.get(a)! - load.get(b)!)[0];
  }

  private startThread(): PredictorThread {
    const born = Date.now();
    const onDeath = (thread: PredictorThread): void => {
      this.bury(thread);
      // One that cannot even start is not started over and over without a pause.
      setTimeout(() => this.replace(), Date.now() - born > restartPauseMs ? 0 : restartPauseMs);
    };
    return this.options.startThread?.(onDeath) ?? new PredictorThread(onDeath);
  }

  /** Its models are opened again, elsewhere, when a request asks for them. */
  private bury(dead: PredictorThread): void {
    this.threads.splice(this.threads.indexOf(dead), 1);
    for (const model of this.models.values()) model.on.delete(dead);
    if (!this.ended) this.dispatch();
  }

  private replace(): void {
    if (this.ended) return;
    this.threads.push(this.startThread());
    this.dispatch();
  }
}

function overloaded(): TrainyardError {
  return new TrainyardError(
    'limit',
    'overloaded',
    'too many texts are waiting to be classified: try again in a few seconds',
    503,
  );
}
