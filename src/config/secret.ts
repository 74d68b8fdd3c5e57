import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config';

/**
 * The secret that signs tokens: `TRAINYARD_SECRET`, else a file of mode 0600 in the home, made on
 * first use. Processes that start at once agree on one.
 */
export function signingSecret(config: Pick<Config, 'home' | 'secret'>): string {
  return config.secret ?? keptRandom(config.home, 'secret');
}

/** What the database keeps of a secret, to notice a process that signs with another. */
export function secretFingerprint(secret: string): string {
  return createHash('sha256').update(`trainyard secret ${secret}`).digest('hex').slice(0, 32);
}

/** A random text in a file of mode 0600, made on first use; whoever links it first wins. */
export function keptRandom(folder: string, name: string): string {
  const path = join(folder, name);
  const kept = readIfThere(path);
  if (kept !== undefined) return kept;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
