/**
 * Training `fast` on many labels or many rows of made-up texts, in this process:
 *
 *   node dist/bench/scale/run.js LABELS ROWS
 *
 * Prints one JSON line. Leaves the rows in `.trainyard/bench/sets/made-up.train.jsonl` (and 200 of them in
 * `made-up.test.jsonl`) for bench/peers/sklearn_text.py.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamKey } from '../../src/ml/random/counterRandom';
import type { Row } from '../accuracy/datasets';
import { runStages } from '../accuracy/localRun';
import { emit } from '../support/statistics';
import { madeUpRow } from './madeUpRow';

function writeRows(name: string, rows: Row[]): void {
  const dir = join('.trainyard', 'bench', 'sets');
  mkdirSync(dir, { recursive: true });
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  writeFileSync(join(dir, `made-up.${name}.jsonl`), lines.join(''));
}

async function main(labels: number, rows: number): Promise<void> {
  const key = streamKey(5);
  const train = Array.from({ length: rows }, (_, row) => madeUpRow(key, row, labels));
  writeRows('train', train);
  writeRows('test', train.slice(0, 200));
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const held = process.resourceUsage().maxRSS / 1024;
    const before = process.cpuUsage();
    const run = await runStages(dir, { train, test: [] });
    const cpu = process.cpuUsage(before);
    emit({
      bench: 'scale',
      labels,
      rows,
      preprocess_s: run.preprocessSeconds,
      train_s: run.trainSeconds,
      cpu_s: (cpu.user + cpu.system) / 1e6,
      texts_mb: held,
      peak_mb: process.resourceUsage().maxRSS / 1024,
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main(Number(process.argv[2] ?? 2000), Number(process.argv[3] ?? 20_000));
