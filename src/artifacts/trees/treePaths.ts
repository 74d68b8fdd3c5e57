import { TrainyardError } from '../../errors';

/** Whether a `/`-separated path stays below the folder that it is laid out in, on every system. */
export function staysBelow(path: string): boolean {
  if (path.includes('\0') || path.includes('\\') || /^[A-Za-z]:/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export function checkTreePath(path: string): void {
  if (staysBelow(path)) return;
  throw new TrainyardError(
    'bug',
    'unsafe_tree_path',
    `${JSON.stringify(path.slice(0, 200))} cannot be laid out: it leads out of its folder`,
    500,
  );
}
