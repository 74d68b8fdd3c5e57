import type { ArtifactStore } from '../artifacts/artifactStore';
import type { TreeRef } from '../artifacts/trees/tree';
import { databaseErrorCode, foreignKeyBroken } from '../database/constraints';
import type { Database } from '../database/database';
import {
  allEncoders,
  deleteEncoder,
  deleteUnusedContents,
  runsWithEncoder,
} from '../database/models/encoders';
import { encoderNotFound } from './encoderName';

/** What is left of a removed encoder. */
export interface Removal {
  /** Runs that still refer to its content, which therefore stays. */
  runs: number;
  /** Contents that nobody needed any more and that were deleted, this one or earlier ones. */
  deleted: number;
}

/**
 * Takes an encoder's name away: no new training can ask for it. Its content stays as long as a run
 * refers to it, so that the run can be retried and verified, and goes with the first removal after.
 * @throws TrainyardError `encoder_not_found`
 */
export async function removeEncoder(
  { database, store }: { database: Database; store: ArtifactStore },
  name: string,
): Promise<Removal> {
  const hash = await deleteEncoder(database, name);
  if (hash === undefined) {
    throw encoderNotFound(
      name,
      (await allEncoders(database)).map((encoder) => encoder.name),
    );
  }
  const runs = await runsWithEncoder(database, hash);
  // Rows first, then objects: what is no longer offered may go.
  const unused = await deleteUnused(database);
  for (const { manifest } of unused) {
    await store.deletePrefix(manifest.key.slice(0, manifest.key.lastIndexOf('/') + 1));
  }
  return { runs, deleted: unused.length };
}

async function deleteUnused(database: Database): Promise<TreeRef[]> {
  try {
    return await deleteUnusedContents(database);
  } catch (error) {
    // Somebody named or used one of them at this very moment: the next removal looks again.
    if (databaseErrorCode(error) === foreignKeyBroken) return [];
    throw error;
  }
}
