import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What a confined process may see beside the system and our code: absolute paths. */
export interface ConfinedFolders {
  /** An empty folder, over which its own root is built. */
  root: string;
  /** For reading, with what its links lead to. */
  inputs: string;
  /** Where it starts. */
  work: string;
  writable: readonly string[];
}

/** One thing that is there. */
export interface VisibleEntry {
  /** `system` with all that is mounted below; `code` for reading and running; `read` for reading alone. */
  mode: 'system' | 'code' | 'file' | 'device' | 'read' | 'write' | 'link';
  path: string;
  /** Of a link. */
  target?: string;
}

const programs = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/nix', '/etc/ld.so.cache'];
const kernel = ['/proc', '/sys'];
const devices = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'];

/** Our code, as compiled, and what it depends on. */
const ours = resolve(__dirname, '..');
const libraries = findLibraries(ours);
/** Tells our code its version. */
const manifest = join(dirname(libraries), 'package.json');

/** What every allocation reads, whatever its work. */
export const ourCode: readonly string[] = [ours, libraries, manifest];

/** All that a confined process sees, in the order in which it is to be put there. */
export function visibleEntries(folders: ConfinedFolders): VisibleEntry[] {
  const all = [
    ...programs.map((path) => entryOf(path, 'code')),
    ...kernel.map((path) => entryOf(path, 'system')),
    ...devices.map((path) => entryOf(path, 'device')),
    ...[process.execPath, ...ourCode].map((path) => entryOf(path, 'code')),
    entryOf(folders.inputs, 'read'),
    ...targetsOfLinks(folders.inputs).map((path) => entryOf(path, 'read')),
    ...folders.writable.map((path) => entryOf(path, 'write')),
  ];
  return all.filter((entry) => entry !== undefined);
}

/** Undefined for what this system does not have. */
function entryOf(path: string, mode: VisibleEntry['mode']): VisibleEntry | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (found.isSymbolicLink() && mode === 'code' && programs.includes(path)) {
    return { mode: 'link', path, target: readlinkSync(path) };
  }
  return { mode: found.isFile() && mode === 'code' ? 'file' : mode, path };
}

function targetsOfLinks(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ name }) => realpathSync(join(folder, name)));
}

/** The nearest `node_modules` above our code. */
function findLibraries(from: string): string {
  const path = join(from, 'node_modules');
  const found = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return found || dirname(from) === from ? path : findLibraries(dirname(from));
}
