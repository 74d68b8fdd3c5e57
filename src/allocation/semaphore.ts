/** What an allocation takes from its machine. */
export interface Resources {
  cores: number;
  memoryMb: number;
}

interface Waiter {
  wants: Resources;
  start(): void;
}

/**
 * Counts the cores and memory of one worker. First come, first served: a large request is not
 * overtaken for ever by small ones.
 */
export class ResourceSemaphore {
  private free: Resources;
  private readonly queue: Waiter[] = [];

  constructor(private readonly capacity: Resources) {
    this.free = { ...capacity };
  }

  /** What a request gets: no more than the machine has. */
  clamp(wants: Resources): Resources {
    return {
      cores: Math.min(wants.cores, this.capacity.cores),
      memoryMb: Math.min(wants.memoryMb, this.capacity.memoryMb),
    };
  }

  /** Waits for room. Resolves with the release function; rejects when the signal aborts first. */
  async acquire(requested: Resources, signal: AbortSignal): Promise<() => void> {
    const wants = this.clamp(requested);
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        wants,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        this.admit();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.queue.push(waiter);
      this.admit();
    });
    return this.releaser(wants);
  }

  private releaser(held: Resources): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.free.cores += held.cores;
      this.free.memoryMb += held.memoryMb;
      this.admit();
    };
  }

  private admit(): void {
    for (;;) {
      const next = this.queue[0];
      if (!next || next.wants.cores > this.free.cores || next.wants.memoryMb > this.free.memoryMb) {
        return;
      }
      this.queue.shift();
      this.free.cores -= next.wants.cores;
      this.free.memoryMb -= next.wants.memoryMb;
      next.start();
    }
  }
}
