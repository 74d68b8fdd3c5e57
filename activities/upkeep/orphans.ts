import type { ArtifactStore } from '../../src/artifacts/artifactStore';
import {
  lockRunsOf,
  storeParts,
  unreferencedFolders,
  type StorePart,
} from '../../src/database/runs/referencedFolders';
import { uuidPattern } from '../../src/support/uuid';
import type { ActivityDependencies } from '../dependencies';

/**
 * How long after the last object of a folder was written no row may be missed. Rows are written last
 * (an upload's after its files, a stage's after its tree), so a folder without one may be about to get
 * it; a day is far longer than any upload or publication is allowed to take, and than clocks differ.
 */
const dayMs = 24 * 60 * 60_000;

/** Folders that one statement asks about. */
const batchSize = 500;

type Places = Pick<ActivityDependencies, 'database' | 'store'>;

/**
 * Deletes the folders of the store that no row holds and to which nothing was added for a day: what
 * an upload left whose API was killed, models, runs and encoders whose rows went without their
 * objects, cached steps that were made anew, attempts that were overtaken. Folders of a shape that
 * is not known stay.
 *
 * Nothing that is or will be wanted goes:
 * - An upload, a saved model, an encoder, a stage's output or a cached step that is being written is
 *   young until its row is there, and its folder's name is used once.
 * - A cached step that was made anew is found by nobody from then on: a run that was given it before
 *   either refers to it by now or is refused it when it publishes (`holdCacheEntry`).
 * - A finished run that is opened again waits until the folder's manifest is gone (`deleteUnlessHeld`); its
 *   stages look whether their output is there, and are worked again when it is not.
 * - A crash, or a second sweep at the same time, deletes less, or the same twice.
 *
 * @param graceMs for tests. @default a day
 * @returns how many folders were deleted
 */
export async function sweepOrphans(
  places: Places,
  { graceMs = dayMs, signal }: { graceMs?: number; signal?: AbortSignal } = {},
): Promise<number> {
  let deleted = 0;
  for (const part of Object.keys(storeParts) as StorePart[]) {
    const old = await foldersUntouchedSince(places.store, part, Date.now() - graceMs, signal);
    for (let i = 0; i < old.length; i += batchSize) {
      const batch = old.slice(i, i + batchSize);
      const db = places.database.manager;
      for (const prefix of await unreferencedFolders(db, part, batch, graceMs / 1000)) {
        signal?.throwIfAborted();
        if (await deleteUnlessHeld(places, part, prefix, graceMs)) deleted++;
      }
    }
  }
  return deleted;
}

/**
 * Deletes a folder unless a row holds it, which is asked while the runs that refer to it are kept
 * from being opened again. Under that lock only its manifest goes, in a moment: without it there is no
 * tree, and the rest may take as long as it takes.
 */
export async function deleteUnlessHeld(
  { database, store }: Places,
  part: StorePart,
  prefix: string,
  graceMs = dayMs,
): Promise<boolean> {
  const unheld = await database.transaction(async (tx) => {
    await lockRunsOf(tx, prefix);
    const found = await unreferencedFolders(tx, part, [prefix], graceMs / 1000);
    if (found.length > 0) await store.delete(`${prefix}tree.json`);
    return found.length > 0;
  });
  if (unheld) await store.deletePrefix(prefix);
  return unheld;
}

/** Whole listings only: half of one would make a folder look older than it is. */
async function foldersUntouchedSince(
  store: ArtifactStore,
  part: StorePart,
  limit: number,
  signal?: AbortSignal,
): Promise<string[]> {
  const shape = new RegExp(`^${part}/${uuidPattern}/(?:[^/]+/){${String(storeParts[part] - 2)}}`);
  const newest = new Map<string, number>();
  for await (const { key, modifiedAt } of store.listDated(`${part}/`)) {
    signal?.throwIfAborted();
    const prefix = shape.exec(key)?.[0];
    if (prefix === undefined) continue;
    newest.set(prefix, Math.max(newest.get(prefix) ?? 0, modifiedAt.getTime()));
  }
  return [...newest].flatMap(([prefix, time]) => (time < limit ? [prefix] : []));
}
