import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { deadline } from '../deadline';

/** A process that was seen: its pid is used again after it ends, its start is not. */
export interface ProcessMark {
  pid: number;
  /** When it started, in the words of the operating system. */
  started: string;
}

/** The mark of a running process; undefined once it has ended, even if nobody has collected it. */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startElsewhere(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether exactly that process still runs. */
export function isRunning(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started;
}

/** Signals a process and everything in its group; silent when it has ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Asks a process group to end with `signal`, and kills it when it has not after `patienceMs`. */
export async function endGroup(
  mark: ProcessMark,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<void> {
  if (!isRunning(mark)) return;
  signalGroup(mark.pid, signal);
  if (await deadline(() => !isRunning(mark), patienceMs)) return;
  signalGroup(mark.pid, 'SIGKILL');
  await deadline(() => !isRunning(mark), 10_000);
}

/** Kills a process and everything below it, whichever group it is in, and waits until they are gone. */
export async function killTree(mark: ProcessMark): Promise<void> {
  if (!isRunning(mark)) return;
  const marks = [mark.pid, ...descendants(mark.pid)].flatMap((pid) => markOf(pid) ?? []);
  for (const { pid } of marks) signalGroup(pid, 'SIGKILL');
  await deadline(() => !marks.some(isRunning), 10_000);
}

function descendants(pid: number): number[] {
  const parents = process.platform === 'linux' ? parentsOnLinux() : parentsElsewhere();
  const below = (of: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
  return below(pid);
}

/** Of every process its pid and its parent's. */
function parentsOnLinux(): [pid: number, parent: number][] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid): [number, number][] => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    } catch {
      return [];
    }
  });
}

function parentsElsewhere(): [pid: number, parent: number][] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, parent];
  });
}

/** The command line of a process; empty when it has ended. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') return askPs('args=', pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** The boot and the clock tick of the start: `/proc/<pid>/stat` after the name, which may hold anything. */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]!}`;
  } catch {
    return undefined;
  }
}

function startElsewhere(pid: number): string | undefined {
  const [state = '', ...started] = askPs('stat=,lstart=', pid).split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

function askPs(columns: string, pid: number): string {
  const { stdout } = spawnSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
    encoding: 'utf8',
  });
  return (stdout ?? '').trim();
}
