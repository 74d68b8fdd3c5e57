import { setTimeout as delay } from 'node:timers/promises';

/**
 * Looks every `everyMs` until `reached` says true.
 * @returns false when it did not within `patienceMs`
 */
export async function deadline(
  reached: () => boolean | Promise<boolean>,
  patienceMs: number,
  everyMs = 50,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!(await reached())) {
    if (performance.now() >= end) return false;
    await delay(everyMs);
  }
  return true;
}
