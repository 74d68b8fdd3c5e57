/** A chore that a worker does beside its work. */
export interface Chore {
  /** No new turn begins; resolves when the running one has ended. */
  stop(): Promise<void>;
}

/** Does a chore again and again, one turn at a time; a turn that fails is told and the next one comes. */
export function periodically(
  intervalMs: number,
  turn: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): Chore {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(turn).catch(onFailure);
  }, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
