import { execFileSync } from 'node:child_process';

/** What Node 20's data segment has at start, heap and libraries included, and some room. */
const ordinaryMb = 64;

let measured: number | undefined;

/**
 * MiB of data segment that each isolate of V8, that is each thread, takes for code that it may make and
 * never touches: half a gigabyte from Node 24 on, nothing before. Measured once, by starting a Node: it
 * depends on V8's version and on the processor.
 */
export function isolateReservationMb(): number {
  measured ??= Math.max(0, dataSegmentMb() - ordinaryMb);
  return measured;
}

function dataSegmentMb(): number {
  const read = `require('fs').readFileSync('/proc/self/status','utf8')`;
  const status = execFileSync(process.execPath, ['-p', read], { encoding: 'utf8', env: {} });
  return Number(/^VmData:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
