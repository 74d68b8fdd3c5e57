import { type Command, type Peer, startPeer } from '../support/peer';
import { emit, percentile } from '../support/statistics';
import { bareMatMul } from './bareMatMul';

/** A batch, and the threads that one operator has. */
export interface Work {
  rows: number;
  length: number;
  threads: number;
}

/** Systems by name. Asked `run` they answer with milliseconds, asked `peak` with MB. */
export type Systems = { own: Command } & Record<string, Command>;

export interface Comparison {
  bench: string;
  systemsOf: (work: Work) => Systems;
  /** Floating-point operations of a run. */
  operationsOf: (work: Work) => number;
  /** Asked of the systems when their times are known; what it finds is printed too. */
  also?: (peers: Record<string, Peer>) => Promise<Record<string, unknown>>;
}

/** The first rounds fill caches. */
const warmUp = 2;

/**
 * Runs the systems in turn, round by round, and prints one JSON line for each shape and number of
 * threads: medians, own time / each peer's (median of the rounds' ratios), GFLOP/s beside those of a bare
 * MatMul, and peak memory of each whole process. Every line has processes of its own.
 *
 * @param args rounds, threads and shapes as a command line gives them
 */
export async function compareShapes(
  comparison: Comparison,
  [rounds = '9', threads = '1,2', shapes = '32x64,16x128,8x512']: string[],
): Promise<void> {
  for (const shape of shapes.split(',')) {
    const [rows, length] = shape.split('x').map(Number) as [number, number];
    for (const count of threads.split(',').map(Number))
      await compare(comparison, { rows, length, threads: count }, Number(rounds));
  }
}

async function compare(
  { bench, systemsOf, operationsOf, also }: Comparison,
  work: Work,
  rounds: number,
): Promise<void> {
  const systems = Object.entries(systemsOf(work));
  const peers = Object.fromEntries(systems.map(([name, command]) => [name, startPeer(command)]));
  const times = Object.fromEntries(systems.map(([name]) => [name, [] as number[]]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) {
      const milliseconds = Number(await peer.ask('run'));
      if (round >= 0) times[name]!.push(milliseconds);
    }
  }
  const found: Record<string, unknown> = {};
  for (const [name, own] of Object.entries(times)) {
    const median = percentile(own, 0.5);
    found[`${name}_ms`] = rounded(median);
    if (name !== 'own') found[`ratio_to_${name}`] = rounded(ratio(times['own']!, own), 3);
    found[`${name}_gflops`] = rounded(operationsOf(work) / median / 1e6);
    found[`${name}_peak_mb`] = rounded(Number(await peers[name]!.ask('peak')), 0);
  }
  Object.assign(found, await also?.(peers));
  for (const peer of Object.values(peers)) await peer.stop();
  const { rows, length, threads } = work;
  const bare = rounded(await bareMatMul(threads));
  emit({ bench, shape: `${rows}x${length}`, threads, ...found, bare_matmul_gflops: bare });
}

function ratio(own: number[], peer: number[]): number {
  return percentile(
    own.map((time, round) => time / peer[round]!),
    0.5,
  );
}

function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
