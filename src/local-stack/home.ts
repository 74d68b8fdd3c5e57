import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What lies in a home, see docs/operations.md; drafts and older logs begin with these names. */
const folders = ['artifacts', 'encoders', 'logs', 'postgres', 'serving', 'temporal', 'work'];
const files = [
  ...['demo-report.html', 'installation-id', 'lock.json', 'ports.json', 'postgres-password'],
  ...['secret', 'stack.json'],
];

/**
 * Makes the home, and closes it and what lies in it to other users, also where an earlier version left
 * it open. A folder that holds more than ours keeps its own mode.
 * @param passable another user must be able to pass through it: PostgreSQL's, when root runs us
 */
export function closeHome(home: string, passable: boolean): void {
  const mode = passable ? 0o711 : 0o700;
  mkdirSync(home, { recursive: true, mode });
  mkdirSync(join(home, 'logs'), { recursive: true, mode: 0o700 });
  const names = readdirSync(home);
  for (const name of names) closeEntry(join(home, name), name);
  if (names.every(isOurs)) chmodSync(home, mode);
}

function closeEntry(path: string, name: string): void {
  if (!isOurs(name)) return;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) chmodSync(path, 0o700);
  else if (stat?.isFile()) chmodSync(path, stat.mode & 0o700);
}

function isOurs(name: string): boolean {
  return (
    folders.includes(name) || files.some((file) => name === file || name.startsWith(`${file}.`))
  );
}
