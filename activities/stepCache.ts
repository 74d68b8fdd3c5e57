import { createHash } from 'node:crypto';
import { claimCacheEntry } from '../src/database/cacheEntries';
import type { TreeRef } from '../src/artifacts/tree';
import type { Attempt } from './attemptJournal';
import type { ActivityDependencies } from './dependencies';
import type { RunContext } from './runContext';

/** A maker that is silent for so long is replaced. */
export const CACHE_LEASE_SECONDS = 30;

/** What the cache says to a stage that is about to work. */
export type CacheTicket =
  /** The caller asked for no cache. */
  | { answer: 'off' }
  /** A stage whose results are never cached. */
  | { answer: 'none' }
  | { answer: 'make'; key: string; maker: string; prefix: string }
  | { answer: 'made'; key: string; output: TreeRef }
  | { answer: 'wait' };

/** Asks the step cache for a result. Keys belong to an owner: a hit never tells what others train on. */
export async function claimFromCache(
  deps: ActivityDependencies,
  { run, model }: RunContext,
  { name, stage }: Pick<Attempt, 'name' | 'stage'>,
  identity: unknown,
): Promise<CacheTicket> {
  if (identity === undefined) return { answer: 'none' };
  if (run.data.cache === 'off') return { answer: 'off' };
  const key = createHash('sha256')
    .update(JSON.stringify([name, identity]))
    .digest('hex');
  const maker = `${run.id}/${stage}`;
  const claim = (refresh: boolean) =>
    claimCacheEntry(deps.database, {
      ownerId: model.owner_id,
      key,
      maker,
      leaseSeconds: CACHE_LEASE_SECONDS,
      refresh,
    });
  let answer = await claim(run.data.cache === 'refresh');
  // An entry whose objects are gone (an artifact store restored from a backup) is made again.
  if (
    answer.answer === 'made' &&
    (await deps.store.size(answer.output.manifest.key)) === undefined
  ) {
    answer = await claim(true);
  }
  if (answer.answer === 'made') return { ...answer, key };
  if (answer.answer === 'wait') return { answer: 'wait' };
  return { answer: 'make', key, maker, prefix: `cache/${model.owner_id}/${key}/` };
}
