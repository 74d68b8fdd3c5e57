import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { hasCode } from '../failures';

/** Containers and machines that share a folder count their processes by themselves. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A new name that says whose it is: `<machine>-<process>-<random>`. */
export function temporaryName(): string {
  return `${host}-${String(pid)}-${randomUUID()}`;
}

/** Whether the process that made a name ran on this machine and is gone. */
export function isAbandoned(name: string): boolean {
  const [machine, process] = name.split('-');
  return machine === host && /^\d+$/.test(process ?? '') && !isRunning(Number(process));
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}
