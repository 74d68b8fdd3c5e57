import { TrainyardError } from '../errors';
import { explainDiskFailure } from './diskFailures';

/**
 * Codes of failures of what the work depends on, which may end by themselves:
 * - `storage_unavailable`: the artifact store does not answer, or its disk fails
 * - `source_unavailable`: the bucket that training data is read from does not answer
 * - `disk_full`: no space on the disk of the artifact store or of this machine
 */
const outageCodes = new Set(['storage_unavailable', 'source_unavailable', 'disk_full']);

/**
 * Whether something thrown is an outage of storage: to be waited for, and no fruitless attempt of
 * the work that met it. Errors of a scratch disk count as they come from the system.
 */
export function isStorageOutage(error: unknown): boolean {
  const explained = explainDiskFailure(error);
  return explained instanceof TrainyardError && outageCodes.has(explained.code);
}
