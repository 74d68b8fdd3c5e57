import type { PredictorThread } from './predictorThreadClient';
import { pieceMs } from './requestQueue';

/** A thread and what it has been given. */
export class ThreadSlot {
  private short = 0;
  private shortMs = 0;
  private long = 0;

  constructor(readonly thread: PredictorThread) {}

  /** Whether it takes one more short piece: one in work, and one at hand when that is done. */
  get hasRoom(): boolean {
    return this.short === 0 || this.shortMs < pieceMs;
  }

  /** Whether it computes a long piece. */
  get isLong(): boolean {
    return this.long > 0;
  }

  get isIdle(): boolean {
    return this.short === 0 && this.long === 0;
  }

  /** Milliseconds of short pieces that it has. */
  get load(): number {
    return this.shortMs;
  }

  /** Counts a piece of `ms`. @returns what ends that */
  occupy(ms: number, isLong: boolean): () => void {
    this.count(1, ms, isLong);
    return () => this.count(-1, ms, isLong);
  }

  private count(sign: 1 | -1, ms: number, isLong: boolean): void {
    if (isLong) this.long += sign;
    else {
      this.short += sign;
      this.shortMs += sign * ms;
    }
  }
}

/** Those without long pieces first, among them those with the least to do. */
export function leastLoaded(slots: readonly ThreadSlot[]): ThreadSlot[] {
  return slots.toSorted((a, b) => Number(a.isLong) - Number(b.isLong) || a.load - b.load);
}
