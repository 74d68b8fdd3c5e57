import type { TextPrediction } from '../../model-types/nlp-text/predictor';
import type { PredictorThread } from './predictorThreadClient';
import type { PredictOptions } from './protocol';

/** Texts sent to a thread at once; more wait in turn, so that one long list holds nobody up. */
export const batchSize = 64;

/** An opened model. */
export interface PooledModel {
  handle: number;
  folder: string;
  bytes: number;
  /** Threads that have it open. */
  on: Set<PredictorThread>;
  opening: Promise<void> | undefined;
}

/** Texts that wait to be computed; `batchSize` at most. */
export interface Job {
  model: PooledModel;
  texts: string[];
  options: PredictOptions;
  /** Tried again once, elsewhere, when the thread dies. */
  retried: boolean;
  resolve: (predictions: TextPrediction[]) => void;
  reject: (error: unknown) => void;
}

/** Jobs in the order they came. */
export class JobQueue {
  private readonly jobs: Job[] = [];
  private waitingTexts = 0;

  /** How many texts wait. */
  get texts(): number {
    return this.waitingTexts;
  }

  get oldest(): Job | undefined {
    return this.jobs[0];
  }

  push(job: Job): void {
    this.jobs.push(job);
    this.waitingTexts += job.texts.length;
  }

  /** For a job that was taken and not done: it is the next. */
  putBack(job: Job): void {
    this.jobs.unshift(job);
    this.waitingTexts += job.texts.length;
  }

  /** Takes the oldest job whose model the thread has, and those behind it that share its message. */
  takeFor(thread: PredictorThread): Job[] {
    const first = this.jobs.findIndex((job) => job.model.on.has(thread));
    if (first < 0) return [];
    const head = this.jobs[first]!;
    const taken: Job[] = [];
    let texts = 0;
    for (let i = first; i < this.jobs.length && texts < batchSize;) {
      const job = this.jobs[i]!;
      if (shareMessage(head, job) && texts + job.texts.length <= batchSize) {
        taken.push(job);
        texts += job.texts.length;
        this.jobs.splice(i, 1);
      } else i++;
    }
    this.waitingTexts -= texts;
    return taken;
  }

  /** Takes out every job of a model. */
  removeOf(model: PooledModel): Job[] {
    const removed = this.jobs.filter((job) => job.model === model);
    for (const job of removed) {
      this.jobs.splice(this.jobs.indexOf(job), 1);
      this.waitingTexts -= job.texts.length;
    }
    return removed;
  }
}

function shareMessage(a: Job, b: Job): boolean {
  return (
    a.model === b.model &&
    a.options.topK === b.options.topK &&
    a.options.explain === b.options.explain
  );
}
