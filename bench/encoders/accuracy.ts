import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullTraining } from '../../src/model-types/nlp-text/encoder/encoderTraining';
import { defaultOptions, type NlpTextOptions } from '../../src/model-types/nlp-text/options';
import { readTextSet } from '../accuracy/datasets';
import { type EncoderRun, runEncoderStages } from './localRun';
import { miniLmChoice, miniLmFolder } from './miniLmFolder';

/**
 * Trains one of our systems on a set in this process, measures its bundle on the test part and prints
 * one JSON line.
 *
 *   node dist/bench/encoders/accuracy.js SET fast|frozen|int8|full [EPOCHS] [SEED]
 *
 * `int8` is `frozen` with `quantize`. What is not given here stays at the product's defaults.
 */
const [setName = 'banking77', system = 'frozen', epochs, seed] = process.argv.slice(2);

function optionsOf(): NlpTextOptions {
  const common: NlpTextOptions = {
    ...defaultOptions,
    label_column: 'label',
    label_delimiter: setName === 'goemotions' ? ',' : null,
    seed: seed === undefined ? defaultOptions.seed : Number(seed),
  };
  if (system === 'fast') return common;
  return {
    ...common,
    epochs: epochs === undefined ? null : Number(epochs),
    encoder: miniLmChoice(system === 'full' ? 'full' : 'frozen', system === 'int8'),
  };
}

/** What the training said, before it began, that it would take on two threads. */
function estimateOf(run: EncoderRun): number {
  const written = readFileSync(join(run.folder('train'), 'train.json'), 'utf8');
  return (JSON.parse(written) as FullTraining).memory_mb.two_threads;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const options = optionsOf();
    const folder = options.encoder ? miniLmFolder : undefined;
    const before = process.cpuUsage();
    const run = await runEncoderStages(dir, readTextSet(setName), options, folder);
    const cpu = process.cpuUsage(before);
    const { scores, model, latency_seconds } = run.evaluation;
    const { preprocess = 0, embed = 0, train = 0 } = run.seconds;
    console.log(
      JSON.stringify({
        system: `trainyard ${system}`,
        set: setName,
        ...scores,
        train_s: preprocess + embed + train,
        seconds: run.seconds,
        cpu_s: (cpu.user + cpu.system) / 1e6,
        model_mb: model.bytes / 1e6,
        latency_ms: latency_seconds * 1000,
        peak_mb: process.resourceUsage().maxRSS / 1024,
        ...(system === 'full' && { estimate_mb: estimateOf(run) }),
      }),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main();
