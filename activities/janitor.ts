import { evictCacheEntries } from '../src/database/cacheEntries';
import type { ActivityDependencies } from './dependencies';
import { periodically, type Chore } from './periodic';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Keeps the step cache within its age and size; entries that an unfinished run reads stay. */
export function startJanitor(deps: ActivityDependencies): Chore {
  return periodically(
    INTERVAL_MS,
    () => sweepCache(deps),
    (error) => deps.logger.warn({ err: error }, 'sweeping the step cache was put off'),
  );
}

/** Rows first, then objects: what is no longer offered may go. */
export async function sweepCache(deps: ActivityDependencies): Promise<number> {
  const { maxAgeMs, maxBytes } = deps.config.cache;
  const evicted = await evictCacheEntries(
    deps.database.manager,
    Math.ceil(maxAgeMs / DAY_MS),
    maxBytes,
  );
  for (const { manifest } of evicted) {
    await deps.store.deletePrefix(manifest.key.slice(0, manifest.key.lastIndexOf('/') + 1));
  }
  return evicted.length;
}
