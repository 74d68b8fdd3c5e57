import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScorer } from '../../src/model-types/nlp-text/predict/scorer';
import { readTextSet } from './datasets';
import { runStages } from './localRun';
import { score } from './scores';

/**
 * Trains the `fast` model on a set in this process and measures the exported bundle on the test part.
 * Prints one JSON line.
 *
 *   node dist/bench/accuracy/own.js SET [CORES] [EPOCHS]
 *
 * EPOCHS passes over the rows for every label; without it each ends when it is solved.
 */
async function main(): Promise<void> {
  const set = readTextSet(process.argv[2] ?? 'banking77');
  const cores = Number(process.argv[3] ?? 2);
  const epochs = process.argv[4] === undefined ? null : Number(process.argv[4]);
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const before = process.cpuUsage();
    const run = await runStages(dir, set, { epochs }, cores);
    const cpu = process.cpuUsage(before);
    const peak = process.resourceUsage().maxRSS / 1024;
    const scorer = await openScorer(join(run.trainDir, 'model'));
    const scores: Float32Array[] = [];
    const started = performance.now();
    await scorer.score(
      set.test.map((row) => row.text),
      (i, row) => (scores[i] = row.slice()),
    );
    const predictSeconds = (performance.now() - started) / 1000;
    await scorer.close();
    const ngrams = scorer.manifest.kind === undefined ? scorer.manifest.rows : null;
    const truth = set.test.map((row) => row.label);
    const figures = score(truth, scorer.manifest.labels, scores);
    const result = {
      system: `trainyard fast, ${cores} threads${epochs === null ? '' : `, ${epochs} epochs`}`,
      accuracy: figures.accuracy,
      macro_f1: figures.macroF1,
      log_loss: figures.logLoss,
      ece: figures.ece,
      featurize_s: run.preprocessSeconds,
      fit_s: run.trainSeconds,
      train_s: run.preprocessSeconds + run.trainSeconds,
      cpu_s: (cpu.user + cpu.system) / 1e6,
      predict_s: predictSeconds,
      features: ngrams,
      model_mb: statSync(join(run.trainDir, 'model', 'model.onnx')).size / 1e6,
      peak_mb: peak,
    };
    console.log(JSON.stringify(result));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main();
