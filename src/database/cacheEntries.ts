import type { TreeRef } from '../artifacts/tree';
import { firstRow, rows, type Queryable } from './database';

/** The answer to a claim: use it, make it, or come back later. */
export type CacheClaim =
  { answer: 'made'; output: TreeRef } | { answer: 'make' } | { answer: 'wait'; maker: string };

interface EntryRow {
  state: 'making' | 'made';
  maker: string;
  output: TreeRef | null;
}

/**
 * Claims a step's result for one owner. The first to come makes it, under a lease that it renews;
 * when the lease runs out, the next to ask takes over.
 * @param maker names the attempt, so that a repeated claim by the same maker goes on
 */
export async function claimCacheEntry(
  db: Queryable,
  entry: { ownerId: string; key: string; maker: string; leaseSeconds: number; refresh: boolean },
): Promise<CacheClaim> {
  const taken = await firstRow<EntryRow>(
    db,
    `INSERT INTO cache_entry (owner_id, key, state, maker, lease_until)
     VALUES ($1, $2, 'making', $3, now() + make_interval(secs => $4))
     ON CONFLICT (owner_id, key) DO UPDATE SET
       state = 'making', maker = $3, output = NULL, lease_until = now() + make_interval(secs => $4)
     WHERE cache_entry.maker = $3 AND cache_entry.state = 'making'
        OR cache_entry.state = 'making' AND cache_entry.lease_until < now()
        OR cache_entry.state = 'made' AND $5
     RETURNING state, maker, output`,
    [entry.ownerId, entry.key, entry.maker, entry.leaseSeconds, entry.refresh],
  );
  if (taken) return { answer: 'make' };
  const other = await firstRow<EntryRow>(
    db,
    `UPDATE cache_entry SET used_at = now() WHERE owner_id = $1 AND key = $2
     RETURNING state, maker, output`,
    [entry.ownerId, entry.key],
  );
  if (other?.state === 'made') return { answer: 'made', output: other.output! };
  return { answer: 'wait', maker: other?.maker ?? 'nobody' };
}

/** Keeps a maker's lease alive. */
export async function renewCacheLease(
  db: Queryable,
  ownerId: string,
  key: string,
  maker: string,
  leaseSeconds: number,
): Promise<void> {
  await db.query(
    `UPDATE cache_entry SET lease_until = now() + make_interval(secs => $4)
     WHERE owner_id = $1 AND key = $2 AND maker = $3 AND state = 'making'`,
    [ownerId, key, maker, leaseSeconds],
  );
}

/** Publishes what the maker made; false when somebody else took over meanwhile. */
export async function fillCacheEntry(
  db: Queryable,
  ownerId: string,
  key: string,
  maker: string,
  output: TreeRef,
): Promise<boolean> {
  const filled = await rows(
    db,
    `UPDATE cache_entry SET state = 'made', output = $4, bytes = $5, lease_until = NULL, used_at = now()
     WHERE owner_id = $1 AND key = $2 AND maker = $3 AND state = 'making' RETURNING key`,
    [ownerId, key, maker, JSON.stringify(output), output.bytes],
  );
  return filled.length > 0;
}

/** Whether an entry still offers a result; if it does, then until the transaction ends. */
export async function holdCacheEntry(
  tx: Queryable,
  ownerId: string,
  key: string,
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

/** Gives a claim back, so that the next to ask makes it at once. */
export async function releaseCacheClaim(
  db: Queryable,
  ownerId: string,
  key: string,
  maker: string,
): Promise<void> {
  await db.query(
    `DELETE FROM cache_entry WHERE owner_id = $1 AND key = $2 AND maker = $3 AND state = 'making'`,
    [ownerId, key, maker],
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
       FROM cache_entry WHERE state = 'made'
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
