/** Readings of two clocks, in milliseconds: one that never goes back, and the time of day. */
export interface Clocks {
  steady(): number;
  day(): number;
}

const systemClocks: Clocks = { steady: () => performance.now(), day: () => Date.now() };

/** So many checks in a row must have missed, whatever the clocks say. */
const leastMisses = 3;

/**
 * For how long a process has given no answer, in time during which the one who asks was running
 * itself: after a gap between two checks (the machine slept, we were stopped, or hardly got any
 * processor) the count begins anew, as then the process may have had no chance to answer either.
 */
export class IdleTimer {
  private silentMs = 0;
  private misses = 0;
  private last: { steady: number; day: number };

  /**
   * @param limitMs how long a silence may last
   * @param longestGapMs the most that regularly lies between two checks
   */
  constructor(
    private readonly limitMs: number,
    private readonly longestGapMs: number,
    private readonly clocks: Clocks = systemClocks,
  ) {
    this.last = this.now();
  }

  /** Takes the outcome of a check. @returns true when the silence has lasted too long */
  isTooLong(answered: boolean): boolean {
    const now = this.now();
    const elapsed = now.steady - this.last.steady;
    const gap = Math.max(elapsed, now.day - this.last.day);
    this.last = now;
    if (answered || gap > this.longestGapMs) {
      this.silentMs = 0;
      this.misses = 0;
      return false;
    }
    this.silentMs += elapsed;
    this.misses++;
    return this.misses >= leastMisses && this.silentMs >= this.limitMs;
  }

  private now(): { steady: number; day: number } {
    return { steady: this.clocks.steady(), day: this.clocks.day() };
  }
}
