import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocationCommand, type CommandLine } from './command';
import { findExecutable } from './executables';
import { type ConfinedFolders, visibleEntries } from './visibleEntries';

/** Whether allocations of this machine are confined, and if not, why. */
export interface Confinement {
  confined: boolean;
  /** One line for the operator. */
  detail: string;
}

const programs = ['unshare', 'sh', 'mount', 'umount', 'mkdir', 'pivot_root', 'setpriv'] as const;

/**
 * Builds a root of its own from what may be seen (lines of mode, path and target of a link), moves into it and
 * lets go of the old one. It runs as the owner of new namespaces, before anything of strangers is read.
 */
const enterRoot = `set -eu
root=$1 work=$2; shift 2
mount -t tmpfs -o mode=0755,size=64m tmpfs "$root"
mkdir "$root/tmp" "$root/.old"
while [ "$1" != -- ]; do
  mode=$1 path=$2 target=$3; shift 3
  mkdir -p "$root\${path%/*}"
  case $mode in
    link) ln -s "$target" "$root$path"; continue;;
    file|device) [ -e "$root$path" ] || : > "$root$path";;
    *) mkdir -p "$root$path";;
  esac
  case $mode in
    system) mount --rbind "$path" "$root$path";;
    *) mount --bind "$path" "$root$path";;
  esac
  case $mode in
    code|file) mount -o remount,bind,ro,nosuid,nodev "$root$path";;
    read) mount -o remount,bind,ro,nosuid,nodev,noexec "$root$path";;
  esac
done
shift
cd "$root"
pivot_root . .old
cd /
umount -l /.old
cd "$work"
exec "$@"`;

/**
 * A command line that runs the given one without any network, in a file system that holds the system's programs,
 * our code and the given folders, and nothing else: by Linux' user, network and mount namespaces. Undefined where
 * the programs for it are missing.
 *
 * @param folders their `root` is an empty folder, which stays empty
 */
function confinedCommand(
  { command, args }: CommandLine,
  folders: ConfinedFolders,
): CommandLine | undefined {
  const found = programs.map(findExecutable);
  if (process.platform !== 'linux' || found.includes(undefined)) return undefined;
  const [unshare, sh] = found as string[];
  const entries = visibleEntries(folders).flatMap(({ mode, path, target }) => [
    mode,
    path,
    target ?? '',
  ]);
  const dropAll = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  return {
    command: unshare!,
    args: [
      ...['--user', '--map-root-user', '--mount', '--net', '--ipc', '--'],
      ...[sh!, '-c', enterRoot, 'sh', folders.root, folders.work, ...entries, '--'],
      ...['setpriv', ...dropAll, '--', command, ...args],
    ],
  };
}

let known: Confinement | undefined;

/** Finds out once, by trying, whether this machine can confine allocations. */
export function confinement(): Confinement {
  known ??= tryConfinement();
  return known;
}

/** The command line confined where this machine can; else as it is. */
export function confine(line: CommandLine, folders: ConfinedFolders): CommandLine {
  if (!confinement().confined) return line;
  mkdirSync(folders.root, { recursive: true });
  return confinedCommand(line, folders) ?? line;
}

/** Loads what stages load, and sees neither a network nor a file that is not its own. */
const probe = `
const [runtime, secret] = process.argv.slice(1);
require(runtime);
require('node:fs').writeFileSync('written', '');
if (require('node:fs').existsSync(secret)) throw new Error('other files can be read');
if (Object.keys(require('node:os').networkInterfaces()).length > 0) throw new Error('there is a network');
process.exit(0);`;

function tryConfinement(): Confinement {
  const open = 'allocations can open network connections and read what their worker can: ';
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-confinement-'));
  try {
    const secret = join(folder, 'secret');
    writeFileSync(secret, '');
    const [inputs, work, root] = ['inputs', 'outputs', 'root'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    for (const made of [inputs, work, root]) mkdirSync(made);
    const runtime = createRequire(__filename).resolve('onnxruntime-node');
    const plain = allocationCommand('-e', 500, 1);
    const tried = { command: plain.command, args: [...plain.args, probe, runtime, secret] };
    const line = confinedCommand(tried, { root, inputs, work, writable: [work] });
    if (!line) return { confined: false, detail: `${open}this needs Linux and util-linux` };
    const env = { PATH: process.env.PATH ?? '' };
    const done = spawnSync(line.command, line.args, {
      cwd: work,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (done.status === 0) {
      return {
        confined: true,
        detail: 'allocations have no network and see their own folders alone',
      };
    }
    const said =
      done.stderr.split('\n').find((text) => /\S/.test(text)) ?? `status ${String(done.status)}`;
    return { confined: false, detail: `${open}${said.trim().slice(0, 200)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
