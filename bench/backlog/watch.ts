import { setTimeout as delay } from 'node:timers/promises';
import { residentMb } from '../../src/allocation/processGroup';
import { rows, type Database } from '../../src/database/database';
import { emit, percentile } from '../support/statistics';

const pauseMs = 1000;
const reportMs = 60_000;
const ended = ['complete', 'failed', 'stopped'];

interface Watched {
  database: Database;
  ownerId: string;
  /** How many end. */
  trainings: number;
  /** Processes whose memory is followed. */
  pids: Record<string, number>;
  /** When to give up, on the clock of `performance.now()`. */
  until: number;
}

/** Looks every second, in one query, until all have ended. */
export async function watchBacklog({ database, ownerId, trainings, pids, until }: Watched) {
  const begun = performance.now();
  const inProgress: number[] = [];
  const memory: Record<string, number[]> = {};
  let counts: Record<string, number> = {};
  let reported = begun;
  for (;;) {
    counts = await countsOf(database, ownerId);
    inProgress.push(counts['in_progress'] ?? 0);
    for (const [name, pid] of Object.entries(pids)) (memory[name] ??= []).push(residentMb(pid));
    const done = ended.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
    if (done >= trainings || performance.now() > until) break;
    if (performance.now() - reported > reportMs) {
      reported = performance.now();
      const worker = memory['worker']?.at(-1);
      emit({ bench: 'backlog, so far', seconds: secondsSince(begun), counts, worker_mb: worker });
    }
    await delay(pauseMs);
  }
  const seconds = secondsSince(begun);
  return {
    ended: counts,
    seconds,
    complete_per_minute: ((counts['complete'] ?? 0) / seconds) * 60,
    in_progress: { p50: percentile(inProgress, 0.5), most: Math.max(...inProgress) },
    memory_mb: Object.fromEntries(Object.entries(memory).map(([name, mb]) => [name, course(mb)])),
  };
}

async function countsOf(database: Database, ownerId: string): Promise<Record<string, number>> {
  const counted = await rows<{ train_status: string; n: number }>(
    database.manager,
    `SELECT train_status, count(*)::int AS n FROM model
     WHERE owner_id = $1 AND name LIKE 'backlog %' GROUP BY train_status`,
    [ownerId],
  );
  return Object.fromEntries(counted.map(({ train_status, n }) => [train_status, n]));
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}

/** Of a second-by-second record: the first, medians of each quarter, the most. */
function course(sample: number[]) {
  const quarter = Math.ceil(sample.length / 4);
  const medians = [0, 1, 2, 3].map((q) => sample.slice(q * quarter, (q + 1) * quarter));
  return {
    first: sample[0],
    quarters: medians.filter((part) => part.length > 0).map((part) => percentile(part, 0.5)),
    most: Math.max(...sample),
  };
}
