import { findExecutable } from './executables';
import { isolateReservationMb } from './isolateReservation';

/** Room for what Node itself maps beside the heap and the typed arrays of the work. */
const nodeOverheadMb = 512;

/** Threads beside those that work: the main one, and one to spare. */
const furtherThreads = 2;

export interface CommandLine {
  command: string;
  args: string[];
}

/**
 * The command line of an allocation. On Linux it dies with its parent, whatever way that goes, and
 * the kernel bounds its data segment: V8's own flag does not bound typed arrays, and a limit on
 * address space would keep Node from starting. Elsewhere only V8's heap is bounded.
 *
 * @param threads that the work may start
 */
export function allocationCommand(
  script: string,
  memoryMb: number,
  threads: number,
  platform: NodeJS.Platform = process.platform,
): CommandLine {
  const node = [
    process.execPath,
    `--max-old-space-size=${memoryMb}`,
    '--enable-source-maps',
    script,
  ];
  const setpriv = platform === 'linux' ? findExecutable('setpriv') : undefined;
  const prlimit = platform === 'linux' ? findExecutable('prlimit') : undefined;
  const line = [
    ...(setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--']),
    ...(prlimit === undefined ? [] : [prlimit, `--data=${dataBytes(memoryMb, threads)}`, '--']),
    ...node,
  ];
  return { command: line[0]!, args: line.slice(1) };
}

function dataBytes(memoryMb: number, threads: number): number {
  const reserved = (threads + furtherThreads) * isolateReservationMb();
  return Math.ceil(memoryMb + nodeOverheadMb + reserved) * 1024 * 1024;
}
