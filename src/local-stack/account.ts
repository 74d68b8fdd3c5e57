import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TrainyardError } from '../errors';

/** The user that a server runs as when we are root, which PostgreSQL refuses to be. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Who PostgreSQL runs as: undefined for ourselves; for root, the user `postgres` or else `nobody`. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  throw new TrainyardError(
    'config',
    'no_postgres_user',
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as; ' +
      'start as another user, or set DATABASE_URL to a PostgreSQL of yours',
    500,
  );
}

/** Whether the account may pass through every folder on the way to `path`, which need not exist yet. */
export function canReach(path: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat !== undefined && (stat.mode & enterBit(stat, account)) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function enterBit(stat: { uid: number; gid: number }, account: Account): number {
  if (stat.uid === account.uid) return 0o100;
  return stat.gid === account.gid ? 0o010 : 0o001;
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : undefined;
}
