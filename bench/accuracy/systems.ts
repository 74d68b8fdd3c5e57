import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextSet } from './datasets';

/** The Python that has the packages of bench/peers/requirements.txt. */
export const python = process.env.TRAINYARD_BENCH_PYTHON ?? 'python3';
export const peers = join(process.cwd(), 'bench', 'peers');

/** One line of figures; see own.ts, ../encoders/accuracy.ts and bench/peers. */
export interface Figures {
  system: string;
  accuracy: number;
  macro_f1: number;
  train_s: number;
  peak_mb: number;
  ece?: number;
  cpu_s?: number;
}

/** Systems by name: the command that measures each, given a set and its parts as JSON lines. */
export type Systems = Record<
  string,
  (set: string, files: { train: string; test: string }) => string[]
>;

/** Each system runs in a process of its own, so that its peak memory is its own. */
export const systems: Systems = {
  fast: (set) => [process.execPath, join(__dirname, 'own.js'), set],
  'fast, 1 epoch': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '1'],
  'fast, 2 epochs': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '2'],
  'fast, 3 epochs': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '3'],
  svc: (_, { train, test }) => [python, join(peers, 'sklearn_text.py'), 'svc', train, test],
  logreg: (_, { train, test }) => [python, join(peers, 'sklearn_text.py'), 'logreg', train, test],
  fasttext: (_, { train, test }) => [python, join(peers, 'fasttext_text.py'), train, test],
};

/** Runs a system on a set. Throws with what it printed when it fails. */
export function runSystem(system: Systems[string], set: string): Figures {
  const [command, ...args] = system(set, writeSet(set));
  const done = spawnSync(command!, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) {
    throw new Error(
      `${[command, ...args].join(' ')}: ${done.error?.message ?? done.stderr.slice(-2000)}`,
    );
  }
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Figures;
}

/** The set as JSON lines, for the peers. */
function writeSet(set: string): { train: string; test: string } {
  const scratch = join('.trainyard', 'bench', 'sets');
  mkdirSync(scratch, { recursive: true });
  const files = {
    train: join(scratch, `${set}.train.jsonl`),
    test: join(scratch, `${set}.test.jsonl`),
  };
  const rows = readTextSet(set);
  for (const part of ['train', 'test'] as const) {
    writeFileSync(files[part], rows[part].map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return files;
}
