import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultOptions, type NlpTextOptions } from '../../src/model-types/nlp-text/options';
import { readTextSet } from '../accuracy/datasets';
import { runEncoderStages } from './localRun';

/**
 * Trains one of our systems on a set in this process, measures its bundle on the test part and prints
 * one JSON line.
 *
 *   node dist/bench/encoders/accuracy.js SET fast|frozen|full [EPOCHS] [BATCH] [LENGTH] [RATE]
 *
 * The encoder is all-MiniLM-L6-v2 in TRAINYARD_ENCODERS (default `../shared/encoders`).
 */
const [setName = 'banking77', system = 'frozen', ...numbers] = process.argv.slice(2);
const [epochs, batch, length, rate] = numbers.map(Number);
const encoders = process.env['TRAINYARD_ENCODERS'] ?? join('..', 'shared', 'encoders');

function optionsOf(): NlpTextOptions {
  const common: NlpTextOptions = {
    ...defaultOptions,
    label_column: 'label',
    label_delimiter: setName === 'goemotions' ? ',' : null,
  };
  if (system !== 'frozen' && system !== 'full') return common;
  return {
    ...common,
    epochs: epochs ?? null,
    batch_size: batch ?? null,
    learning_rate: rate ?? null,
    encoder: {
      name: 'all-MiniLM-L6-v2',
      hash: '0'.repeat(64),
      training: system,
      max_length: length ?? 64,
      long_texts: 'truncate',
      quantize: false,
    },
  };
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const options = optionsOf();
    const folder = options.encoder ? join(encoders, options.encoder.name) : undefined;
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
      }),
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main();
