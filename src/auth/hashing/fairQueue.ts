export interface FairQueueOptions {
  /** Pieces of work of one key that may wait. */
  ofOne: number;
  /** Pieces of work that may wait altogether. */
  ofAll: number;
  /** Makes the error for one more. */
  full: () => Error;
}

/**
 * Runs one piece of work at a time, taking those who ask (the keys) in turns: who asks for much waits
 * for it, others do not.
 */
export class FairQueue {
  /** Keys in the order of their turns, each with what it waits for. */
  private readonly waiting = new Map<string, (() => Promise<void>)[]>();
  private size = 0;
  private running = false;

  constructor(private readonly options: FairQueueOptions) {}

  /** @throws what `full` makes, at once, when there is no room */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const own = this.waiting.get(key) ?? [];
    const { ofOne, ofAll, full } = this.options;
    if (own.length >= ofOne || this.size >= ofAll) return Promise.reject(full());
    return new Promise((resolve, reject) => {
      own.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.waiting.set(key, own);
      this.size += 1;
      void this.runAll();
    });
  }

  private async runAll(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let work = this.next(); work; work = this.next()) await work();
    this.running = false;
  }

  /** Takes one piece of work of the first key, which goes to the end of the line. */
  private next(): (() => Promise<void>) | undefined {
    for (const [key, own] of this.waiting) {
      this.waiting.delete(key);
      const work = own.shift();
      if (own.length > 0) this.waiting.set(key, own);
      this.size -= 1;
      return work;
    }
    return undefined;
  }
}
