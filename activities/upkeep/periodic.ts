/** A chore that a worker does beside its work. */
export interface Chore {
  /** No new turn begins; resolves when the running one has ended. */
  stop(): Promise<void>;
}

/**
 * Does a chore at once and then again and again, one turn at a time; a turn that fails is told and the
 * next one comes. A long turn heeds the signal, which aborts when the chore is stopped.
 */
export function periodically(
  intervalMs: number,
  turn: (signal: AbortSignal) => Promise<unknown>,
  onFailure: (error: unknown) => void,
): Chore {
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const next = (): void => {
    running = running
      .then(() => turn(stopping.signal))
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) onFailure(error);
      });
  };
  next();
  const timer = setInterval(next, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
