import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where systems keep programs that only administrators' search paths name. */
const ofAdministrators = ['/usr/sbin', '/sbin'];

/** The full path of a program; undefined when this machine has none of that name. */
export function findExecutable(name: string): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), ...ofAdministrators]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
