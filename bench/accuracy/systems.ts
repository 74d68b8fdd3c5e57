import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextSet } from './datasets';

/** The Python that has the packages of bench/peers/requirements.txt. */
const python = process.env.TRAINYARD_BENCH_PYTHON ?? 'python3';
const peers = join(process.cwd(), 'bench', 'peers');

/** One line of figures; see own.ts and bench/peers. */
export interface Figures {
  system: string;
  accuracy: number;
  macro_f1: number;
  train_s: number;
  peak_mb: number;
  ece?: number;
  cpu_s?: number;
}

type Run = (set: string, files: { train: string; test: string }) => string[];

/** Each system runs in a process of its own, so that its peak memory is its own. */
export const systems: Record<string, Run> = {
  fast: (set) => [process.execPath, join(__dirname, 'own.js'), set],
  'fast, 1 epoch': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '1'],
  'fast, 2 epochs': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '2'],
  'fast, 3 epochs': (set) => [process.execPath, join(__dirname, 'own.js'), set, '2', '3'],
  svc: (_, { train, test }) => [python, join(peers, 'sklearn_text.py'), 'svc', train, test],
  logreg: (_, { train, test }) => [python, join(peers, 'sklearn_text.py'), 'logreg', train, test],
  fasttext: (_, { train, test }) => [python, join(peers, 'fasttext_text.py'), train, test],
};

/** Runs one system on one set. Throws with what it printed when it fails. */
export function runSystem(system: string, set: string, scratch: string): Figures {
  const [command, ...args] = systems[system]!(set, writeSet(set, scratch));
  const done = spawnSync(command!, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) {
    throw new Error(`${system} on ${set}: ${done.error?.message ?? done.stderr.slice(-2000)}`);
  }
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Figures;
}

/** The set as JSON lines, for the peers. */
function writeSet(set: string, scratch: string): { train: string; test: string } {
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
