import type { PredictorThread } from './predictorThreadClient';
import { pieceMs } from './requestQueue';

/** Kinds of work of which a thread has pieces at a time. */
const maxFlows = 4;

/** A thread and the pieces that it has been given. */
export class ThreadSlot {
  /** Milliseconds of short pieces, by the kind of work that they are of. */
  private readonly short = new Map<string, number>();
  private long = 0;

  constructor(readonly thread: PredictorThread) {}

  /**
   * Whether it takes one more short piece of a kind of work: one in work, and one at hand when that is
   * done. Another kind need not wait for that, as a thread turns from one piece to the other between runs.
   */
  hasRoomFor(flow: string): boolean {
    const ms = this.short.get(flow);
    return ms === undefined ? this.short.size < maxFlows : ms < pieceMs;
  }

  /** Whether it computes a long piece. */
  get isLong(): boolean {
    return this.long > 0;
  }

  get isIdle(): boolean {
    return this.short.size === 0 && this.long === 0;
  }

  /** Milliseconds of short pieces that it has. */
  get load(): number {
    let sum = 0;
    for (const ms of this.short.values()) sum += ms;
    return sum;
  }

  /** Counts a piece of `ms`. @returns what ends that */
  occupy(flow: string, ms: number, isLong: boolean): () => void {
    if (isLong) {
      this.long++;
      return () => {
        this.long--;
      };
    }
    this.short.set(flow, (this.short.get(flow) ?? 0) + ms);
    return () => {
      const left = this.short.get(flow)! - ms;
      // What is left by rounding is nothing.
      if (left < ms / 1e6) this.short.delete(flow);
      else this.short.set(flow, left);
    };
  }
}

/** Those without long pieces first, among them those with the least to do. */
export function leastLoaded(slots: readonly ThreadSlot[]): ThreadSlot[] {
  return slots.toSorted((a, b) => Number(a.isLong) - Number(b.isLong) || a.load - b.load);
}
