import { secretFingerprint } from '../config';
import type { Queryable } from '../database/database';
import { getOrCreateSetting } from '../database/settings';
import { TrainyardError } from '../errors';

/**
 * Compares the signing secret with the one that the database knows (by fingerprint; the first to
 * come is kept). Two processes with different secrets would refuse each other's tokens.
 * @throws TrainyardError `secret_mismatch`: a reason not to start
 */
export async function checkSecret(db: Queryable, secret: string): Promise<void> {
  const own = secretFingerprint(secret);
  const known = await getOrCreateSetting(db, 'secret_fingerprint', own);
  if (known === own) return;
  throw new TrainyardError(
    'config',
    'secret_mismatch',
    `the signing secret (fingerprint ${own.slice(0, 8)}…) is not the one that this database was used with (${known.slice(0, 8)}…): set TRAINYARD_SECRET, or restore the file "secret" in TRAINYARD_HOME, to what it was. To change it on purpose, which ends every session, delete the row "secret_fingerprint" from the table "setting" first`,
    500,
  );
}
