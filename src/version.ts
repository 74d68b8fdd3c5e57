import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let version: string | undefined;

/** Trainyard's version. Sources and build lie at different depths, so the package file is looked for upwards. */
export function codeVersion(): string {
  version ??= readVersion(__dirname);
  return version;
}

function readVersion(dir: string): string {
  const path = join(dir, 'package.json');
  if (existsSync(path)) {
    const { name, version: found } = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      string
    >;
    if (name === 'trainyard' && found !== undefined) return found;
  }
  if (dirname(dir) === dir) throw new Error('no package.json of trainyard above its code');
  return readVersion(dirname(dir));
}
