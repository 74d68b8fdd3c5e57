import { keptRandom } from '../config';

/** On `/health` and `/ready` of every process: which installation answers there. */
export const installationHeader = 'X-Trainyard-Installation';

/**
 * Identifies a home: random, made on first use, the same for all processes that share the folder. No
 * secret, it only tells installations apart.
 */
export function installationId(home: string): string {
  return keptRandom(home, 'installation-id');
}
