import type { TreeRef } from '../../artifacts/trees/tree';
import { firstRow, rows, type Queryable } from '../database';

/** What the step cache says of a result: there it is, somebody builds it, or nobody does. */
export type CacheLookup =
  { answer: 'hit'; output: TreeRef } | { answer: 'pending' } | { answer: 'miss' };

/** The answer to a claim: use it, build it, or come back later. */
export type CacheClaim =
  { answer: 'hit'; output: TreeRef } | { answer: 'build' } | { answer: 'pending' };

/** A step's result; keys belong to an owner. */
export interface CacheKey {
  ownerId: string;
  key: string;
}

/** The attempt that builds a result: `<run>/<stage>`, and its fence. */
export interface Builder {
  builder: string;
  fence: number;
}

interface EntryRow {
  state: 'building' | 'built';
  output: TreeRef | null;
}

/** Looks without claiming or waiting; an entry whose builder's lease has run out is nobody's. */
export async function lookUpCacheEntry(
  db: Queryable,
  { ownerId, key }: CacheKey,
  builder: string,
): Promise<CacheLookup> {
  const entry = await firstRow<EntryRow>(
    db,
    `SELECT state, output FROM cache_entry WHERE owner_id = $1 AND key = $2
       AND (state = 'built' OR lease_until >= now() AND builder <> $3)`,
    [ownerId, key, builder],
  );
  if (!entry) return { answer: 'miss' };
  return entry.state === 'built' ? { answer: 'hit', output: entry.output! } : { answer: 'pending' };
}

/**
 * Claims a step's result for one owner. The first to come builds it, under a lease that it renews;
 * when the lease runs out, the next to ask takes over, and so does a newer attempt of the same builder.
 * @param refresh build it even if it is there
 */
export async function claimCacheEntry(
  db: Queryable,
  entry: CacheKey & Builder & { leaseSeconds: number; refresh: boolean },
): Promise<CacheClaim> {
  const taken = await firstRow<EntryRow>(
    db,
    `INSERT INTO cache_entry (owner_id, key, state, builder, fence, lease_until)
     VALUES ($1, $2, 'building', $3, $4, now() + make_interval(secs => $5))
     ON CONFLICT (owner_id, key) DO UPDATE SET
       state = 'building', builder = $3, fence = $4, output = NULL,
       lease_until = now() + make_interval(secs => $5)
     WHERE cache_entry.state = 'building' AND cache_entry.builder = $3 AND cache_entry.fence <= $4
        OR cache_entry.state = 'building' AND cache_entry.lease_until < now()
        OR cache_entry.state = 'built' AND $6
     RETURNING state, output`,
    [entry.ownerId, entry.key, entry.builder, entry.fence, entry.leaseSeconds, entry.refresh],
  );
  if (taken) return { answer: 'build' };
  const [other] = await rows<EntryRow>(
    db,
    `UPDATE cache_entry SET used_at = now() WHERE owner_id = $1 AND key = $2
     RETURNING state, output`,
    [entry.ownerId, entry.key],
  );
  return other?.state === 'built'
    ? { answer: 'hit', output: other.output! }
    : { answer: 'pending' };
}

/** Keeps a builder's lease alive. */
export async function renewCacheLease(
  db: Queryable,
  { ownerId, key, builder, fence }: CacheKey & Builder,
  leaseSeconds: number,
): Promise<void> {
  await db.query(
    `UPDATE cache_entry SET lease_until = now() + make_interval(secs => $5)
     WHERE owner_id = $1 AND key = $2 AND builder = $3 AND fence = $4 AND state = 'building'`,
    [ownerId, key, builder, fence, leaseSeconds],
  );
}

/**
 * Offers a finished result to everybody. The first one wins, whoever held the lease: results of one
 * key are the same, and work that is done is not thrown away.
 * @param tx a transaction, until whose end the entry stays
 * @param refresh replace a result that is there
 * @returns the result that the entry has from now on: this one, or the one that was there first
 */
export async function completeCacheEntry(
  tx: Queryable,
  { ownerId, key, builder, fence }: CacheKey & Builder,
  output: TreeRef,
  refresh: boolean,
): Promise<TreeRef> {
  const completed = await firstRow(
    tx,
    `INSERT INTO cache_entry (owner_id, key, state, builder, fence, output, bytes)
     VALUES ($1, $2, 'built', $3, $4, $5, $6)
     ON CONFLICT (owner_id, key) DO UPDATE SET
       state = 'built', builder = $3, fence = $4, output = $5, bytes = $6, lease_until = NULL,
       used_at = now()
     WHERE cache_entry.state = 'building' OR $7
     RETURNING key`,
    [ownerId, key, builder, fence, JSON.stringify(output), output.bytes, refresh],
  );
  if (completed) return output;
  const other = await firstRow<{ output: TreeRef }>(
    tx,
    'SELECT output FROM cache_entry WHERE owner_id = $1 AND key = $2 FOR SHARE',
    [ownerId, key],
  );
  return other!.output;
}

/** Whether an entry still offers a result; if it does, then until the transaction ends. */
export async function holdCacheEntry(
  tx: Queryable,
  { ownerId, key }: CacheKey,
  output: TreeRef,
): Promise<boolean> {
  const held = await firstRow(
    tx,
    `SELECT 1 FROM cache_entry WHERE owner_id = $1 AND key = $2
       AND output #>> '{manifest,key}' = $3 FOR SHARE`,
    [ownerId, key, output.manifest.key],
  );
  return held !== undefined;
}

/** Gives a claim back, so that the next to ask builds the result at once. */
export async function releaseCacheClaim(
  db: Queryable,
  { ownerId, key, builder, fence }: CacheKey & Builder,
): Promise<void> {
  await db.query(
    `DELETE FROM cache_entry
     WHERE owner_id = $1 AND key = $2 AND builder = $3 AND fence = $4 AND state = 'building'`,
    [ownerId, key, builder, fence],
  );
}

/**
 * Removes entries that nobody used for `maxAgeDays`, and of each owner the least recently used ones
 * over `maxBytes`. Entries that an unfinished run refers to stay. Returns the outputs to delete.
 */
export async function evictCacheEntries(
  db: Queryable,
  maxAgeDays: number,
  maxBytes: number,
): Promise<TreeRef[]> {
  const removed = await rows<{ output: TreeRef }>(
    db,
    `WITH ranked AS (
       SELECT owner_id, key, used_at, output,
              sum(bytes) OVER (PARTITION BY owner_id ORDER BY used_at DESC, key) AS kept_bytes
       FROM cache_entry WHERE state = 'built'
     )
     DELETE FROM cache_entry USING ranked
     WHERE cache_entry.owner_id = ranked.owner_id AND cache_entry.key = ranked.key
       AND (ranked.used_at < now() - make_interval(days => $1) OR ranked.kept_bytes > $2)
       AND NOT EXISTS (
         SELECT 1 FROM stage JOIN run ON run.id = stage.run_id
         WHERE stage.output #>> '{manifest,key}' = ranked.output #>> '{manifest,key}' AND run.ended_at IS NULL)
     RETURNING ranked.output`,
    [maxAgeDays, maxBytes],
  );
  return removed.map((row) => row.output);
}
