import { publishTree, type TreeRef } from '../../src/artifacts/trees/tree';
import { completeCacheEntry, holdCacheEntry } from '../../src/database/runs/cacheEntries';
import type { Queryable } from '../../src/database/database';
import { appendEvent } from '../../src/database/models/events';
import { lockModelOwner } from '../../src/database/models/models';
import { publishStage, stageOf, type CacheUse } from '../../src/database/runs/stages';
import { TrainyardError } from '../../src/errors';
import type { ActivityDependencies } from '../dependencies';
import type { Attempt } from './attempt';
import type { CacheLease, CacheLookup } from './stepCache';

type Places = Pick<ActivityDependencies, 'database' | 'store' | 'logger'>;

/**
 * Makes what a stage left in a folder its published output: objects first, then the row. May be repeated
 * after a failure of store or database.
 * @throws TrainyardError `fenced` when a newer attempt owns the stage
 */
export async function publishFolder(
  places: Places,
  attempt: Attempt,
  folder: string,
  ticket: CacheLookup,
): Promise<CacheUse | null> {
  const { runId, stage, fence } = attempt;
  const lease = ticket.answer === 'build' ? ticket.lease : undefined;
  const owner = lease ? `cache/${lease.ownerId}/${lease.key}/` : `runs/${runId}/${stage}/`;
  const prefix = `${owner}${runId}-${fence}/`;
  const output = await publishTree(places.store, prefix, folder);
  const commit = (tx: Queryable) => commitOutput(tx, attempt, output, lease, useOf(ticket));
  let committed: Committed;
  try {
    committed = await places.database.transaction(commit);
  } catch (error) {
    // The transaction answered: nothing refers to the objects. Where it did not, nobody knows.
    if (error instanceof TrainyardError) await deleteQuietly(places, prefix);
    throw error;
  }
  if (committed === 'owner_changed') {
    await deleteQuietly(places, prefix);
    return publishFolder(places, attempt, folder, { answer: 'uncached' });
  }
  if (!isSame(committed.output, output)) await deleteQuietly(places, prefix);
  await deleteQuietly(places, checkpointsOf(attempt));
  return committed.cache;
}

/** Takes a result of the step cache as the stage's output. */
export async function publishHit(
  places: Places,
  attempt: Attempt,
  { entry, output }: Extract<CacheLookup, { answer: 'hit' }>,
): Promise<void> {
  await places.database.transaction(async (tx) => {
    await lockModelOwner(tx, attempt.modelId);
    await publishRow(tx, attempt, output, 'hit');
    if (await holdCacheEntry(tx, entry, output)) return;
    throw new TrainyardError(
      'infrastructure',
      'cached_step_replaced',
      `the cached result of the ${attempt.stage} stage was replaced or deleted just before it was used`,
    );
  });
  await deleteQuietly(places, checkpointsOf(attempt));
}

/** What a stage has published in the end; `owner_changed`: nothing, as the cache is another owner's now. */
type Committed = { output: TreeRef; cache: CacheUse | null } | 'owner_changed';

async function commitOutput(
  tx: Queryable,
  attempt: Attempt,
  output: TreeRef,
  lease: CacheLease | undefined,
  cache: CacheUse | null,
): Promise<Committed> {
  const ownerId = await lockModelOwner(tx, attempt.modelId);
  if (lease && ownerId !== lease.ownerId) return 'owner_changed';
  const kept = lease ? await completeCacheEntry(tx, lease, output, lease.refresh) : output;
  const use = isSame(kept, output) ? cache : 'hit';
  await publishRow(tx, attempt, kept, use);
  return { output: kept, cache: use };
}

async function publishRow(
  tx: Queryable,
  attempt: Attempt,
  output: TreeRef,
  cache: CacheUse | null,
): Promise<void> {
  const { runId, modelId, stage, fence } = attempt;
  if (!(await publishStage(tx, attempt, output, cache))) {
    // A commit whose answer was lost, as the database died, is made once.
    const published = (await stageOf(tx, attempt))?.output;
    if (published && isSame(published, output)) return;
    throw new TrainyardError('infrastructure', 'fenced', `a newer attempt owns the ${stage} stage`);
  }
  await appendEvent(tx, modelId, 'stage_published', { stage, fence, cache }, 'worker');
  // What failed before the work got this far explains nothing that fails later.
  await tx.query('UPDATE run SET error = NULL WHERE id = $1 AND error IS NOT NULL', [runId]);
}

function isSame(one: TreeRef, other: TreeRef): boolean {
  return one.manifest.key === other.manifest.key;
}

/** null: a stage whose results are never cached. */
function useOf({ answer }: CacheLookup): CacheUse | null {
  if (answer === 'build') return 'made';
  return answer === 'off' ? 'off' : null;
}

function checkpointsOf({ runId, stage }: Attempt): string {
  return `runs/${runId}/checkpoints/${stage}/`;
}

/** What cannot be deleted now goes with the daily sweep: what was published stays published. */
async function deleteQuietly({ store, logger }: Places, prefix: string): Promise<void> {
  await store.deletePrefix(prefix).catch((error: unknown) => {
    logger.warn({ err: error, prefix }, 'objects that nobody needs stay until the next sweep');
  });
}
