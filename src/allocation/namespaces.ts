import type { CommandLine } from './command';
import { findExecutable } from './executables';
import { type ConfinedFolders, visibleEntries } from './visibleEntries';

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
export function inNamespaces(
  { command, args }: CommandLine,
  folders: ConfinedFolders,
): CommandLine | undefined {
  const found = programs.map(findExecutable);
  if (process.platform !== 'linux' || found.includes(undefined)) return undefined;
  const [unshare, sh] = found as string[];
  const entries = visibleEntries(folders).flatMap(({ mode, path, target }) => [
    ...[mode, path, target ?? ''],
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
