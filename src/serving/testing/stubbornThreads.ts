import { PredictorThread } from '../threads/predictorThreadClient';

/** Threads that open no model while they are told so. */
export class StubbornThreads {
  /** What opening fails with. */
  refusal: Error | undefined;
  /** What opening waits for. */
  gate: Promise<void> = Promise.resolve();

  readonly start = (onDeath: (thread: PredictorThread) => void): PredictorThread => {
    const thread = new PredictorThread(onDeath);
    const open = thread.open.bind(thread);
    thread.open = async (...given) => {
      await this.gate;
      if (this.refusal) throw this.refusal;
      return open(...given);
    };
    return thread;
  };
}
