/** Takes lines that tell a person at the terminal what is going on. */
export type Progress = (line: string) => void;

/** `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Says `what` with the time it takes, now and every 15 s until the work ends. */
export async function tellWhile<T>(
  progress: Progress,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  progress(what);
  const timer = setInterval(
    () => progress(`${what}: ${duration(performance.now() - start)}`),
    15_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
