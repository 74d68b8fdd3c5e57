import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { TrainyardError } from '../../errors';
import { canReach, type Account } from '../account';
import { program } from './postgresBinaries';
import { commandLineOf, endGroup, markOf } from '../supervision/processes';

/** Where the database files go: the home, or for root, where the server's user can enter. */
export function dataFolder(home: string, password: string, account: Account | undefined): string {
  const own = join(home, 'postgres');
  // The name follows from the home's password, so that a new home never meets an old database.
  const name = createHash('sha256').update(password).digest('hex').slice(0, 16);
  const shared = join('/var/lib/trainyard', name);
  if (account === undefined || existsSync(join(own, 'data'))) return own;
  return canReach(own, account) && !existsSync(shared) ? own : shared;
}

/** Makes the database cluster unless it is there; whole or not at all. */
export function initialize(options: {
  /** Noted beside the data when they lie elsewhere. */
  home: string;
  binaries: string;
  /** Holds `data`. */
  folder: string;
  password: string;
  account: Account | undefined;
}): void {
  const { home, binaries, folder, password, account } = options;
  const data = join(folder, 'data');
  if (existsSync(data)) return refuseOtherVersion(data, binaries);
  // Its parents must let the server's user pass; it is that user's own.
  mkdirSync(dirname(folder), { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  if (!folder.startsWith(home)) writeFileSync(join(folder, 'home'), `${home}\n`);
  const draft = join(folder, 'data.new');
  const passwordFile = join(folder, 'password.new');
  rmSync(draft, { recursive: true, force: true });
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
    // The collation is PostgreSQL's own: no locale of the system is needed, and it sorts the same everywhere.
    const encoding = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const access = ['--username=trainyard', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const { status, stderr, error } = spawnSync(
      program(binaries, 'initdb'),
      [`--pgdata=${draft}`, ...encoding, ...access],
      { encoding: 'utf8', cwd: folder, ...(account && { uid: account.uid, gid: account.gid }) },
    );
    if (status !== 0) throw initFailed(error?.message ?? stderr);
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * Before a start: ends a server of a crashed start that still runs on these files, and removes the pid
 * file of one that does not, since its pid may by now belong to something else.
 */
export async function clearStaleServer(folder: string): Promise<void> {
  const pidFile = join(folder, 'data', 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const mark = Number.isInteger(pid) && pid > 1 ? markOf(pid) : undefined;
  if (mark !== undefined && commandLineOf(pid).includes(join(folder, 'data')))
    await endGroup(mark, 'SIGINT', 30_000);
  rmSync(pidFile, { force: true });
}

function refuseOtherVersion(data: string, binaries: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = spawnSync(program(binaries, 'postgres'), ['--version'], { encoding: 'utf8' });
  const ours = /(\d+)\./.exec(stdout)?.[1];
  if (ours === undefined || ours === found) return;
  throw new TrainyardError(
    'config',
    'postgres_version',
    `the database in ${data} is of PostgreSQL ${found}, this Trainyard brings ${ours}; ` +
      'dump it with the old version and load it with the new one (docs/operations.md, Upgrade)',
    500,
  );
}

function initFailed(reason: string): TrainyardError {
  return new TrainyardError(
    'infrastructure',
    'postgres_init_failed',
    `PostgreSQL could not make its data folder: ${reason.trim().slice(-2000)}; ` +
      'or set DATABASE_URL to a PostgreSQL of yours',
    500,
  );
}
