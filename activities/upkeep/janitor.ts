import type { TreeRef } from '../../src/artifacts/trees/tree';
import { evictCacheEntries } from '../../src/database/runs/cacheEntries';
import { deleteSetting, takePeriodicLock } from '../../src/database/settings';
import {
  deleteUploadRow,
  isUnused,
  lockUpload,
  unusedUploads,
} from '../../src/database/uploads/uploadDeletion';
import type { ActivityDependencies } from '../dependencies';
import { deleteUnlessHeld, sweepOrphans } from './orphans';
import { periodically, type Chore } from './periodic';
import { ownsStore } from './storeOwner';

const intervalMs = 10 * 60_000;
const dayMs = 24 * 60 * 60_000;
/** Longer than any upload may take. */
const leftoversMs = 25 * 60 * 60_000;
/** Listing a store costs; one worker does it for all. */
const orphansEverySeconds = 24 * 60 * 60;
const uploadsATurn = 1000;
const orphansTurn = 'orphans_swept';

export type Janitor = Pick<ActivityDependencies, 'config' | 'database' | 'store' | 'logger'>;

/** Keeps the artifact store tidy. Each chore is its own: where one fails, the others go on. */
export function startJanitor(deps: Janitor): Chore {
  const chore = (what: string, turn: (signal: AbortSignal) => Promise<unknown>) =>
    periodically(intervalMs, turn, (error) =>
      deps.logger.warn({ err: error }, `sweeping ${what} was put off`),
    );
  const chores = [
    chore('the step cache', () => sweepCache(deps)),
    chore('what interrupted writes left', () => deps.store.sweep(leftoversMs)),
    chore('unused uploads', (signal) => sweepUploads(deps, signal)),
    chore('objects without an owner', (signal) => sweepOrphansDaily(deps, signal)),
  ];
  return {
    stop: async () => {
      await Promise.all(chores.map((each) => each.stop()));
    },
  };
}

/** Keeps the step cache within its age and size; entries that an unfinished run reads stay. */
export async function sweepCache(deps: Janitor): Promise<number> {
  const { maxAgeMs, maxBytes } = deps.config.cache;
  const days = Math.ceil(maxAgeMs / dayMs);
  // Rows first, then objects: what is no longer offered may go.
  const evicted = await evictCacheEntries(deps.database.manager, days, maxBytes);
  for (const tree of evicted) await deleteUnlessHeld(deps, 'cache', folderOf(tree));
  return evicted.length;
}

/** Deletes uploads that nobody has used for as long as the operator says; by default none. */
export async function sweepUploads(deps: Janitor, signal?: AbortSignal): Promise<number> {
  const days = deps.config.uploads.unusedDays;
  if (days === undefined) return 0;
  let swept = 0;
  for (const id of await unusedUploads(deps.database.manager, days, uploadsATurn)) {
    signal?.throwIfAborted();
    // Asked again under a lock: a training may have come to read it.
    const deleted = await deps.database.transaction(async (tx) => {
      if (!(await lockUpload(tx, id)) || !(await isUnused(tx, id, days))) return false;
      await deleteUploadRow(tx, id);
      return true;
    });
    if (!deleted) continue;
    swept++;
    await deps.store.deletePrefix(`uploads/${id}/`);
  }
  if (swept > 0) deps.logger.info({ uploads: swept }, 'deleted unused uploads');
  return swept;
}

function folderOf({ manifest: { key } }: TreeRef): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

/** One worker takes the day's turn. When it fails, the turn is free again; when it dies, tomorrow is. */
export async function sweepOrphansDaily(deps: Janitor, signal: AbortSignal): Promise<void> {
  const db = deps.database.manager;
  if (!(await takePeriodicLock(db, orphansTurn, orphansEverySeconds))) return;
  try {
    if (!(await ownsStore(deps))) {
      return deps.logger.warn(
        'the artifact store was first used with another database: nothing in it is swept. If that database is gone for good, delete the object "database-id"',
      );
    }
    const swept = await sweepOrphans(deps, { signal });
    if (swept > 0) deps.logger.info({ folders: swept }, 'deleted objects without an owner');
  } catch (error) {
    await deleteSetting(db, orphansTurn);
    throw error;
  }
}
