/** Longest stretch of our own work without looking up, in milliseconds. */
const stretch = 100;

/**
 * Lets the event loop turn from time to time, so that messages arrive in a thread that computes, and
 * throws the signal's reason once it is aborted.
 */
export class Yielder {
  private last = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  async yieldToEventLoop(): Promise<void> {
    if (performance.now() - this.last > stretch) {
      await new Promise((resolve) => setImmediate(resolve));
      this.last = performance.now();
    }
    this.signal?.throwIfAborted();
  }

  /** Runs work that yields between its slices. */
  async through<T>(slices: Generator<void, T>): Promise<T> {
    for (;;) {
      const slice = slices.next();
      await this.yieldToEventLoop();
      if (slice.done) return slice.value;
    }
  }
}
