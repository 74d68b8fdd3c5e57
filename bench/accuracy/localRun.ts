import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { StageContext } from '../../src/stage/stageContext';
import { createDataset } from '../../src/data/datasetWriter';
import { writeParts } from '../../src/support/largeFiles';
import { defaultOptions, type NlpTextOptions } from '../../src/model-types/nlp-text/options';
import { preprocess } from '../../src/model-types/nlp-text/preprocess/preprocess';
import { train } from '../../src/model-types/nlp-text/train/train';
import type { Row, TextSet } from './datasets';

const usualOptions: NlpTextOptions = {
  ...defaultOptions,
  label_column: 'label',
  holdout: 0,
};

/** What the stages took, in seconds, and where they left their results. */
export interface LocalRun {
  preprocessDir: string;
  trainDir: string;
  preprocessSeconds: number;
  trainSeconds: number;
}

/** Runs the stages `preprocess` and `train` on a set in this process, as an allocation would. */
export async function runStages(
  dir: string,
  set: TextSet,
  options: Partial<NlpTextOptions> = {},
  cores = 2,
): Promise<LocalRun> {
  const all = { ...usualOptions, ...options };
  const stage = (name: string): StageContext => newContext(dir, name, cores);
  const extract = join(dir, 'preprocess-inputs', 'extract');
  const preprocessing = stage('preprocess');
  writeRows(join(extract, 'train'), set.train);
  if (set.test.length > 0) writeRows(join(extract, 'test'), set.test);

  const started = performance.now();
  await preprocess(preprocessing, all);
  const preprocessed = performance.now();

  const training = stage('train');
  renameSync(preprocessing.outputs, join(training.inputs, 'preprocess'));
  const trainStarted = performance.now();
  await train(training, all);
  const trained = performance.now();
  return {
    preprocessDir: join(training.inputs, 'preprocess'),
    trainDir: training.outputs,
    preprocessSeconds: (preprocessed - started) / 1000,
    trainSeconds: (trained - trainStarted) / 1000,
  };
}

/** What a stage sees, in two folders below `dir`. */
export function newContext(dir: string, name: string, cores: number): StageContext {
  const inputs = join(dir, `${name}-inputs`);
  const outputs = join(dir, `${name}-outputs`);
  mkdirSync(inputs, { recursive: true });
  mkdirSync(outputs, { recursive: true });
  return {
    inputs,
    outputs,
    cores,
    memoryMb: 4096,
    signal: new AbortController().signal,
    checkpointRequested: false,
    progress: () => undefined,
    metric: () => undefined,
    warn: (warning) => process.stderr.write(`${warning.code}: ${warning.message}\n`),
    checkpoint: (step, parts) => {
      writeParts(join(inputs, `checkpoint-${step}`), parts);
      return Promise.resolve();
    },
  };
}

function writeRows(dir: string, rows: Row[]): void {
  const writer = createDataset(dir, ['text', 'label']);
  for (const row of rows) writer.append([row.text, row.label]);
  writer.finish();
}
