import { createHash } from 'node:crypto';
import {
  claimCacheEntry,
  lookUpCacheEntry,
  releaseCacheClaim,
  type Builder,
  type CacheKey,
} from '../../src/database/runs/cacheEntries';
import type { TreeRef } from '../../src/artifacts/trees/tree';
import type { ActivityDependencies } from '../dependencies';
import type { RunContext } from '../../src/training/runContext';
import type { Attempt } from './attempt';

/** A builder that is silent for so long is replaced. */
export const cacheLeaseSeconds = 30;

/** The right to build a result, which its holder renews. */
export type CacheLease = CacheKey & Builder & { refresh: boolean };

/** What the cache says to a stage that is about to work. */
export type CacheLookup =
  /** The caller asked for no cache. */
  | { answer: 'off' }
  /** A stage whose results are never cached. */
  | { answer: 'uncached' }
  | { answer: 'build'; lease: CacheLease }
  | { answer: 'hit'; entry: CacheKey; output: TreeRef }
  | { answer: 'pending' };

/** The key of a result; null: it is not cached. */
export function cacheKeyOf(name: string, identity: unknown): string | null {
  if (identity === undefined) return null;
  return createHash('sha256')
    .update(JSON.stringify([name, identity]))
    .digest('hex');
}

/**
 * Whether somebody else is building the result right now. A look costs one query and claims nothing.
 * Keys belong to an owner: a hit never says what others train on.
 */
export async function isBeingBuilt(
  { database }: ActivityDependencies,
  { run, model }: RunContext,
  stage: string,
  key: string,
): Promise<boolean> {
  if (run.data.cache === 'off') return false;
  const entry = { ownerId: model.owner_id, key };
  return (await lookUpCacheEntry(database, entry, builderOf(run.id, stage))).answer === 'pending';
}

/** Asks the step cache for a result, and for the right to build it when it is not there. */
export async function claimFromCache(
  { database, store }: ActivityDependencies,
  { run, model }: RunContext,
  { stage, fence }: Pick<Attempt, 'stage' | 'fence'>,
  key: string | null,
): Promise<CacheLookup> {
  if (key === null) return { answer: 'uncached' };
  if (run.data.cache === 'off') return { answer: 'off' };
  const entry = { ownerId: model.owner_id, key };
  const lease = { ...entry, builder: builderOf(run.id, stage), fence };
  const claim = (refresh: boolean) =>
    claimCacheEntry(database, { ...lease, leaseSeconds: cacheLeaseSeconds, refresh });
  let refresh = run.data.cache === 'refresh';
  let claimed = await claim(refresh);
  // An entry whose objects are gone (an artifact store restored from a backup) is built again.
  if (claimed.answer === 'hit' && (await store.size(claimed.output.manifest.key)) === undefined) {
    refresh = true;
    claimed = await claim(refresh);
  }
  if (claimed.answer === 'hit') return { answer: 'hit', entry, output: claimed.output };
  if (claimed.answer === 'pending') return { answer: 'pending' };
  return { answer: 'build', lease: { ...lease, refresh } };
}

/** Lets whoever waits for the same result try at once; an expired lease would do it later. */
export async function giveUpLease(
  { database, logger }: ActivityDependencies,
  lease: CacheLease,
): Promise<void> {
  await releaseCacheClaim(database, lease).catch((error: unknown) => {
    logger.warn({ err: error }, 'a cache lease was not given up, it will run out');
  });
}

function builderOf(runId: string, stage: string): string {
  return `${runId}/${stage}`;
}
