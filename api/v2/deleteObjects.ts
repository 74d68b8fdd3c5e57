import type { ArtifactStore } from '../../src/artifacts/artifactStore';
import type { Logger } from '../../src/observability';

/**
 * Deletes the objects of rows that are gone. Nobody can reach them any more, so a store that fails is
 * the operator's matter, not the caller's: the log names what is left.
 */
export async function deleteObjects(
  store: ArtifactStore,
  prefixes: readonly string[],
  log: Logger,
): Promise<void> {
  for (const prefix of prefixes) {
    try {
      await store.deletePrefix(prefix);
    } catch (error) {
      log.error({ error, prefix }, 'objects of a deleted row are left in the artifact store');
    }
  }
}
