export interface FairQueueOptions {
  /** Pieces of work of one key that may wait. */
  ofOne: number;
  /** Pieces of work that may wait altogether. */
  ofAll: number;
  /** Makes the error for one more. */
  full: () => Error;
}

/** So many who are trusted in a row, while others wait. */
const mostTrusted = 3;

/**
 * Runs one piece of work at a time, taking those who ask (the keys) in turns: who asks for much waits
 * for it, others do not. Those who are trusted go before the others, who still get every fourth turn.
 */
export class FairQueue {
  private readonly trusted: Line = new Map();
  private readonly others: Line = new Map();
  private trustedInARow = 0;
  private size = 0;
  private running = false;

  constructor(private readonly options: FairQueueOptions) {}

  /** @throws what `full` makes, at once, when there is no room */
  run<T>(key: string, work: () => Promise<T>, isTrusted = false): Promise<T> {
    const line = isTrusted ? this.trusted : this.others;
    const own = line.get(key) ?? [];
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
      line.set(key, own);
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

  private next(): (() => Promise<void>) | undefined {
    const othersFirst = this.trustedInARow >= mostTrusted && this.others.size > 0;
    const line = this.trusted.size === 0 || othersFirst ? this.others : this.trusted;
    this.trustedInARow = line === this.trusted ? this.trustedInARow + 1 : 0;
    const work = takeFirst(line);
    if (work) this.size -= 1;
    return work;
  }
}

/** Keys in the order of their turns, each with what it waits for. */
type Line = Map<string, (() => Promise<void>)[]>;

/** Takes one piece of work of the first key, which goes to the end of the line. */
function takeFirst(line: Line): (() => Promise<void>) | undefined {
  for (const [key, own] of line) {
    line.delete(key);
    const work = own.shift();
    if (own.length > 0) line.set(key, own);
    return work;
  }
  return undefined;
}
