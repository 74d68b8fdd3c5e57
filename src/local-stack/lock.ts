import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, markOf, type ProcessMark } from './supervision/processes';

/** Who holds a lock, as its file says. */
export interface LockHolder extends ProcessMark {
  /** ISO time at which the lock was taken. */
  since: string;
}

/** A lock that is taken until it is released or its process ends. */
export interface Lock {
  release(): void;
}

/** Takes the lock at `path`, or says who holds it. The lock of a process that has ended is void. */
export function tryLock(path: string): Lock | LockHolder {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const holder: LockHolder = { ...markOf(process.pid)!, since: new Date().toISOString() };
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    for (;;) {
      if (linked(draft, path)) return { release: () => rmSync(path, { force: true }) };
      const other = holderAt(path);
      if (other !== undefined && isRunning(other)) return other;
      removeVoid(path, other);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Whether `tryLock` took the lock. */
export function isTaken(answer: Lock | LockHolder): answer is Lock {
  return 'release' in answer;
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderAt(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

/** Moves a void lock aside. Should another process have taken it in between, it gets it back. */
function removeVoid(path: string, seen: LockHolder | undefined): void {
  const aside = `${path}.void.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = holderAt(aside);
  if (moved?.pid !== seen?.pid || moved?.started !== seen?.started) linked(aside, path);
  rmSync(aside, { force: true });
}
