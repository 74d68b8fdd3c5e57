import { setTimeout as pause } from 'node:timers/promises';
import { machineFault } from '../../src/allocation/stageFailure';
import { isDatabaseUnavailable } from '../../src/database/availability';
import { TrainyardError } from '../../src/errors';

/** What each code of ours says is away. */
const awayByCode: Record<string, string> = {
  storage_unavailable: 'the artifact store',
  disk_full: 'a disk that Trainyard keeps its data on',
  source_unavailable: 'the bucket of the training data',
  scratch_full: "the worker's scratch disk",
  scratch_unusable: "the worker's scratch disk",
};

/**
 * What is away, when an error means that something that a stage depends on does not answer or is full: it
 * says nothing of the data, the options or the code, and passes when an operator or time mends it.
 */
export function outageOf(error: unknown): string | undefined {
  if (error instanceof TrainyardError) return awayByCode[error.code];
  if (isDatabaseUnavailable(error)) return 'the database';
  const fault = machineFault(error);
  return fault && awayByCode[fault.code];
}

/** Milliseconds before the next try, of what has been away for so long: a tenth of it, 1 to 60 s. */
export function outageDelay(awayMs: number): number {
  return Math.min(60_000, Math.max(1000, awayMs / 10));
}

export interface OutageWait {
  /** How long an outage is waited for; then its error is thrown. */
  patienceMs: number;
  /** Ends the wait with its reason. */
  signal: AbortSignal;
  /** Something is away; called for each try that fails. */
  onOutage: (what: string, error: unknown) => void;
}

/**
 * Does work that may be repeated, again and again while what it needs is away: what a stage has made in
 * hours is not thrown away because the store is down for a minute.
 */
export async function throughOutages<T>(
  { patienceMs, signal, onOutage }: OutageWait,
  work: () => Promise<T>,
): Promise<T> {
  let awaySince: number | undefined;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const what = outageOf(error);
      awaySince ??= performance.now();
      const awayMs = performance.now() - awaySince;
      if (what === undefined || awayMs > patienceMs || signal.aborted) throw error;
      onOutage(what, error);
      await pause(outageDelay(awayMs), undefined, { signal });
    }
  }
}
