import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TrainyardError } from '../../errors';
import { locationTooLarge, type FoundFile, type SourceLimits } from './foundFile';

/**
 * The files of a `local` location: the file itself, or all files below a folder, in the order of
 * their names. Only under `roots` (configuration), after following every link.
 */
export async function listLocal(
  path: string,
  roots: readonly string[],
  limits: SourceLimits,
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  const real = await allowedPath(path, roots);
  const listing: Listing = {
    shown: path,
    root: real.root,
    limits,
    files: [],
    bytes: 0,
    seen: new Set(),
  };
  const info = await stat(real.path);
  if (info.isDirectory()) {
    const top = real.path === real.root ? '' : `${basename(real.path)}/`;
    await listFolder(real.path, top, listing);
  } else if (info.isFile()) {
    const folder = dirname(real.path);
    const top = folder === real.root ? '' : `${basename(folder)}/`;
    addFile(real.path, `${top}${basename(real.path)}`, info.size, listing);
  }
  const found: FoundFile[] = [];
  for (const file of listing.files)
    found.push({ ...file, sha256: await hashFile(file.path, signal) });
  return found;
}

interface Listing {
  /** The path as it was given. */
  shown: string;
  root: string;
  limits: SourceLimits;
  files: Omit<FoundFile, 'sha256'>[];
  bytes: number;
  /** Real folders that were listed: links may make circles. */
  seen: Set<string>;
}

/**
 * Why a path cannot be one of a `local` location, going by its letters alone: nothing is opened, so
 * the answer tells nobody what is there. Links are followed when the path is read.
 */
export function localPathProblem(path: string, roots: readonly string[]): string | undefined {
  const wanted = resolve(path);
  if (isAbsolute(path) && roots.some((root) => isWithin(wanted, resolve(root)))) return undefined;
  return outsideRoots(path);
}

function outsideRoots(path: string): string {
  return `local path "${path}" is not under a folder that this server allows (TRAINYARD_LOCAL_ROOTS)`;
}

async function allowedPath(
  path: string,
  roots: readonly string[],
): Promise<{ path: string; root: string }> {
  const wanted = resolve(path);
  // What lies outside is refused in the same words whether it exists or not.
  const problem = localPathProblem(path, roots);
  if (problem !== undefined) throw notAllowed(problem);
  const real = await realpath(wanted).catch(() => {
    throw new TrainyardError('data', 'local_missing', `local path "${path}" does not exist`);
  });
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot !== undefined && isWithin(real, realRoot)) return { path: real, root: realRoot };
  }
  throw notAllowed(outsideRoots(path));
}

async function listFolder(folder: string, name: string, listing: Listing): Promise<void> {
  if (listing.seen.has(folder)) return;
  listing.seen.add(folder);
  const entries = (await readdir(folder)).sort((a, b) => (a < b ? -1 : 1));
  for (const entry of entries) {
    const real = await realpath(join(folder, entry)).catch(() => undefined);
    if (real === undefined) continue;
    if (!isWithin(real, listing.root)) {
      throw new TrainyardError(
        'config',
        'local_link_outside',
        `${name}${entry} below "${listing.shown}" is a link to outside the allowed folder; remove it`,
      );
    }
    const info = await stat(real);
    if (info.isDirectory()) await listFolder(real, `${name}${entry}/`, listing);
    else if (info.isFile()) addFile(real, `${name}${entry}`, info.size, listing);
  }
}

function addFile(path: string, name: string, bytes: number, listing: Listing): void {
  listing.files.push({ name, path, bytes });
  listing.bytes += bytes;
  const { maxFiles, maxBytes } = listing.limits;
  if (listing.files.length > maxFiles || listing.bytes > maxBytes) {
    throw locationTooLarge(`local path "${listing.shown}"`, listing.limits);
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function notAllowed(problem: string): TrainyardError {
  return new TrainyardError('config', 'local_not_allowed', problem);
}

async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}
