import { shardsOf } from '../../src/encoder-learning/embeddings/shards';
import type { ApiClient } from '../support/apiClient';
import { until } from '../support/poll';
import { allocationAtWork } from '../support/processes';
import { spreadPoints } from '../support/seeds';
import { progressOf, type RunProgress } from './encoderRuns';

const patienceMs = 5 * 60_000;

export type EncoderVictim = 'worker' | 'allocation';

/** A kill in a training from an encoder. */
export interface EncoderKill {
  training: 'frozen' | 'full';
  victim: EncoderVictim;
  /** Where in the work, from 0 to 1. */
  share: number;
}

/** So many kills of each process in each way of training; the same for a seed. */
export function encoderKills(points: number): EncoderKill[] {
  const trainings = ['frozen', 'full'] as const;
  const victims = ['worker', 'allocation'] as const;
  const kills = trainings.flatMap((training) => victims.map((victim) => ({ training, victim })));
  return spreadPoints(kills, points).map(([kill, share]) => ({ ...kill, share }));
}

/** The work that a run has done of all that it has to do. */
export interface Work {
  done: number;
  of: number;
}

/** How work is told from a run's progress; undefined before there is any. */
export type WorkOf = (progress: RunProgress) => Work | undefined;

/** Shards that were published, of those of so many rows. */
export const shardsDone =
  (rows: number): WorkOf =>
  ({ stages }) => ({
    done: stages.find(({ stage }) => stage === 'embed')?.shards?.published ?? 0,
    of: shardsOf(rows).length,
  });

/** Steps of fine-tuning, as of the last second. */
export const stepsDone: WorkOf = ({ progress, stages }) => {
  const train = stages.find(({ stage }) => stage === 'train');
  if (train?.state === 'published') throw new Error('it is trained: too late to strike');
  if (progress?.stage !== 'train' || progress.total === undefined) return undefined;
  return { done: progress.done, of: progress.total };
};

/** What was there when a kill came. */
export interface Struck extends Work {
  /** Number of the newest checkpoint of the train stage. */
  checkpoint: number | null;
}

/**
 * Kills a process at a share of the work (from 0 to 1): between the first unit and the last but one.
 *
 * @param needsCheckpoint waits for one, too
 */
export async function strikeAt(
  client: ApiClient,
  model: string,
  point: { workOf: WorkOf; share: number; needsCheckpoint?: boolean },
  kill: () => Promise<void>,
): Promise<Struck> {
  const struck = await until(
    `${point.share} of the work is done`,
    async () => {
      const progress = await progressOf(client, model);
      const work = point.workOf(progress);
      if (!work) return undefined;
      if (work.done >= work.of) throw new Error('all the work is done: too late to strike');
      if (work.done < 1 + Math.floor(point.share * (work.of - 2))) return undefined;
      const train = progress.stages.find(({ stage }) => stage === 'train');
      const checkpoint = train?.checkpoint_step ?? null;
      return (checkpoint !== null || !point.needsCheckpoint) && { ...work, checkpoint };
    },
    patienceMs,
  );
  await kill();
  return struck;
}

/** `kill -9` for the worker or for an allocation, while one works below that home. */
export async function killAtWork(
  victim: EncoderVictim,
  home: string,
  killWorker: () => Promise<void>,
): Promise<void> {
  const pid = await until('a stage is at work', () => allocationAtWork(home)?.pid);
  if (victim === 'worker') await killWorker();
  else process.kill(pid, 'SIGKILL');
}
