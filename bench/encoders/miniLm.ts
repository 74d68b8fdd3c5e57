import { streamKey, randomAt, randomBelow } from '../../src/ml/random/counterRandom';
import { GradientSum } from '../../src/ml/nn/optimizer/gradientSum';
import { Optimizer } from '../../src/ml/nn/optimizer/optimizer';
import { parameterGroups } from '../../src/ml/nn/optimizer/parameterGroups';
import {
  headNames,
  packParameters,
  parameterLayout,
} from '../../src/ml/transformers/parameterLayout';
import { parameterShapes } from '../../src/ml/transformers/parameterNames';
import { FineTunerPool } from '../../src/encoder-learning/fineTuning/fineTunerPool';
import { FineTuningTask } from '../../src/encoder-learning/fineTuning/fineTuningTask';
import { miniLmConfig as config } from '../../src/ml/transformers/testing/miniLmConfig';
import { fixedSettings } from '../../src/encoder-learning/fineTuning/settings';
import { textsToJudge, textsToLearn } from '../../src/encoder-learning/fineTuning/textObjective';
import {
  type LabelledWindows,
  labelledWindows,
} from '../../src/encoder-learning/fineTuning/windows';
import { noTexts } from '../../src/encoder-learning/textCounts';

const labels = 77;

/** Batches made ahead; steps take them in turn. */
const batches = 16;

/** A training step of one batch shape, optimizer included; gives its milliseconds. */
export interface Stepper {
  step(): Promise<number>;
  close(): Promise<void>;
}

/** Steps as `full` training makes them: parts of a batch side by side in so many threads. */
export function stepper(rows: number, length: number, threads: number): Stepper {
  const layout = parameterLayout(config, labels);
  const start = packParameters(layout, config, weights());
  const { weightDecay, dropout } = fixedSettings;
  const optimizer = new Optimizer(start, {
    groups: parameterGroups(layout.spans, { weightDecay }),
    tables: layout.tables.map(() => ({ weightDecay, rateScale: 1 })),
  });
  const shared = new SharedArrayBuffer(4 * layout.length);
  const data = { config, labels, head: 'softmax', dropout, parameters: shared } as const;
  const pool = new FineTunerPool(threads, data);
  const train = madeUpWindows(batches * rows, length);
  const validation = madeUpWindows(0, length);
  const task = new FineTuningTask(
    {
      config,
      start,
      train: textsToLearn(train),
      validation: textsToJudge(validation),
      lengths: [length],
      shared,
    },
    pool,
    new AbortController().signal,
    () => undefined,
    () => 0,
  );
  const sum = new GradientSum(optimizer);
  let taken = 0;
  return {
    async step() {
      const first = (taken % batches) * rows;
      const batch = Int32Array.from({ length: rows }, (_, i) => first + i);
      const key = streamKey(2, taken++);
      const begun = performance.now();
      const { gradients } = await task.step({ rows: batch, length, key }, optimizer);
      sum.clear();
      sum.add(gradients, 1, true);
      const update = optimizer.step(sum.sum().gradients, 1e-5, 1);
      while (update.next().done !== true);
      return performance.now() - begun;
    },
    close: () => pool.close(),
  };
}

function madeUpWindows(count: number, length: number): LabelledWindows {
  const rows = randomTexts(count, length, streamKey(3)).map((ids) => Int32Array.from(ids));
  const texts = Int32Array.from(rows, (_, i) => i);
  const classOf = Int32Array.from(rows, (_, i) => randomBelow(streamKey(4), i, labels));
  return labelledWindows(
    { rows, texts, counts: noTexts },
    { kind: 'softmax', classes: labels, classOf },
  );
}

/** Token ids. Every second text is a quarter shorter than the batch, as the peers' are. */
export function randomTexts(rows: number, length: number, key: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(
      { length: row % 2 ? length - Math.floor(length / 4) : length },
      (__, i) => 1000 + randomBelow(key, row * length + i, 29_000),
    ),
  );
}

/** Made up: speed does not depend on them. */
function weights(): Map<string, Float32Array> {
  const shapes = parameterShapes(config);
  shapes.set(headNames.weight, [labels, config.hidden]).set(headNames.bias, [labels]);
  return new Map(
    [...shapes].map(([name, shape], index) => {
      const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const key = streamKey(1, index);
      const centre = /LayerNorm\.weight$/.test(name) ? 1 : 0;
      for (let i = 0; i < values.length; i++)
        values[i] = centre + 0.07 * (randomAt(key, i) / 2 ** 32 - 0.5);
      return [name, values] as const;
    }),
  );
}

/** Floating-point operations of a step's matrix products, forward and backward. */
export function operations(rows: number, length: number): number {
  // Each product's derivatives are two products of its size.
  return 3 * forwardOperations(rows, length);
}

/** Floating-point operations of the encoder's matrix products, forward alone. */
export function forwardOperations(rows: number, length: number): number {
  const { hidden, intermediate, layers } = config;
  const perToken = 2 * (4 * hidden * hidden + 2 * hidden * intermediate + 2 * length * hidden);
  return layers * rows * length * perToken;
}
