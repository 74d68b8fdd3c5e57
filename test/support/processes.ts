import { setPriority } from 'node:os';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  commandLineOf,
  isRunning,
  markOf,
  signalGroup,
} from '../../src/local-stack/supervision/processes';
import { until } from './poll';

export interface FoundProcess {
  pid: number;
  command: string;
}

/**
 * The running processes whose command line or environment speaks of `text`, such as a home folder.
 * Reads /proc, so it finds something on Linux only.
 */
export function findProcesses(text: string): FoundProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && markOf(pid) !== undefined)
    .map((pid) => ({ pid, command: commandLineOf(pid), environment: environmentOf(pid) }))
    .filter(({ command, environment }) => `${command}\n${environment}`.includes(text))
    .map(({ pid, command }) => ({ pid, command }));
}

/** Those that live below a folder: their home is in it, or their command line speaks of it. */
export function processesBelow(folder: string): FoundProcess[] {
  const speaking = findProcesses(folder).filter(({ command }) => command.includes(folder));
  const living = findProcesses(`TRAINYARD_HOME=${folder}/`);
  return [...new Map([...speaking, ...living].map((found) => [found.pid, found])).values()];
}

/** The child processes of stages that work below a home. */
export function allocationsBelow(home: string): FoundProcess[] {
  return findProcesses('training/stageProcess.js').filter(({ pid }) =>
    folderOf(pid).startsWith(home),
  );
}

/** One of them that has left nothing in its folder yet: killed now, it cannot have been done. */
export function allocationAtWork(home: string): FoundProcess | undefined {
  return allocationsBelow(home).find(({ pid }) => isEmpty(folderOf(pid)));
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

function folderOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

/**
 * Lets a platform under test go before whatever else the machine does, where that is allowed (root):
 * stages run far below their worker, and beside a few busy processes a minute of work would take ten.
 */
export function goFirst(pid: number): void {
  try {
    setPriority(pid, -10);
  } catch {
    // Not ours to decide: then it takes longer.
  }
}

/** Kills a process and everything below it, whichever session it is in; waits until all are gone. */
export async function killTree(pid: number): Promise<void> {
  const marks = [pid, ...descendants(pid)].flatMap((each) => markOf(each) ?? []);
  for (const mark of marks) signalGroup(mark.pid, 'SIGKILL');
  await until(`process ${pid} and its children are gone`, () => !marks.some(isRunning), 20_000);
}

function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(Number(name))] as const);
  const below = (of: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  return parent === undefined ? undefined : Number(parent);
}

function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`).replaceAll('\0', '\n');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
