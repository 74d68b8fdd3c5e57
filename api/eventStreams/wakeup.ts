/** Lets one loop wait until it is woken, or its signal aborts. A wake-up before the wait counts too. */
export class Wakeup {
  private woken = false;
  private waiting: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.wake(), { once: true });
    if (signal.aborted) this.woken = true;
  }

  wake(): void {
    this.woken = true;
    this.waiting?.();
  }

  /** Forgets earlier wake-ups; call it before looking at what they are about. */
  reset(): void {
    this.woken = false;
  }

  async wait(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => (this.waiting = resolve));
    this.waiting = undefined;
  }
}
