import { bufferSource } from '../../byteSource';
import { randomBelow, streamKey } from '../../random/counterRandom';
import { snapshotBytes, type SnapshotJson } from '../optimizer/snapshot';
import type { ParameterView } from '../optimizer/parameters';
import type { MicroBatch, StepReport, StepResult, TrainingOptions, TrainingTask } from './task';
import { Training, type TrainingPosition } from './training';

/**
 * A bag of words: the mean of the words' vectors, times a matrix, through a softmax. The words of a row
 * are drawn from its class's own half of the vocabulary more often than from the rest.
 */
const [classes, width, vocabulary, rows] = [3, 4, 30, 70];
const label = (row: number): number => row % classes;
const words = Array.from({ length: rows }, (_, row) =>
  Int32Array.from({ length: 3 + (row % 9) }, (_, i) => {
    const key = streamKey(11, row, i);
    const own = randomBelow(key, 0, 3) > 0;
    return own ? label(row) * 10 + randomBelow(key, 1, 10) : randomBelow(key, 1, vocabulary);
  }),
);
const training = words.slice(0, 50).map((_, row) => row);
const validation = words.slice(50).map((_, i) => 50 + i);

function forward(row: number, { dense, tables }: ParameterView) {
  const own = words[row]!;
  const vectors = new Float32Array(own.length * width);
  tables[0]!.gather(own, vectors);
  const mean = Array.from({ length: width }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < own.length; i++) sum += vectors[i * width + j]!;
    return sum / own.length;
  });
  const logits = Array.from({ length: classes }, (_, c) =>
    mean.reduce((sum, x, j) => sum + x * dense[c * width + j]!, dense[classes * width + c]!),
  );
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((a, b) => a + b);
  return { mean, probabilities: powers.map((power) => power / total) };
}

function step(batch: MicroBatch, parameters: ParameterView): StepResult {
  const dense = new Float32Array(parameters.dense.length);
  const touched: number[] = [];
  const values: number[] = [];
  let loss = 0;
  const share = 1 / batch.rows.length;
  for (const row of batch.rows) {
    const { mean, probabilities } = forward(row, parameters);
    loss -= Math.log(probabilities[label(row)]!) * share;
    const off = probabilities.map((p, c) => (p - (c === label(row) ? 1 : 0)) * share);
    off.forEach((d, c) => {
      mean.forEach((x, j) => (dense[c * width + j]! += d * x));
      dense[classes * width + c]! += d;
    });
    for (const word of words[row]!) {
      touched.push(word);
      for (let j = 0; j < width; j++) {
        const sum = off.reduce((s, d, c) => s + d * parameters.dense[c * width + j]!, 0);
        values.push(sum / words[row]!.length);
      }
    }
  }
  const rowGradients = { rows: Int32Array.from(touched), values: Float32Array.from(values) };
  return { loss, gradients: { dense, tables: [rowGradients] } };
}

function accuracy(parameters: ParameterView): number {
  const right = validation.filter((row) => {
    const { probabilities } = forward(row, parameters);
    return probabilities.indexOf(Math.max(...probabilities)) === label(row);
  });
  return right.length / validation.length;
}

const start = {
  dense: Float32Array.from({ length: classes * (width + 1) }, (_, i) => Math.sin(i) / 2),
  tables: [
    {
      values: Float32Array.from({ length: vocabulary * width }, (_, i) => Math.cos(i * i) / 2),
      width,
    },
  ],
};
const task: TrainingTask = {
  tokens: training.map((row) => words[row]!.length),
  start,
  step,
  evaluate: accuracy,
};
const options: TrainingOptions = {
  epochs: 4,
  batchRows: 8,
  microBatchTokens: 40,
  lengths: [4, 8, 12],
  seed: 3,
  rate: 0.1,
  warmup: 0.1,
  clipNorm: 0.1,
  groups: [
    { offset: 0, length: classes * width, weightDecay: 0.01 },
    { offset: classes * width, length: classes, weightDecay: 0 },
  ],
  tables: [{ weightDecay: 0.01 }],
  evaluationsPerEpoch: 2,
};

async function toEnd(run: Training): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of run.steps()) reports.push(report);
  return reports;
}

describe('a training', () => {
  it('learns, and reports each step and each evaluation', async () => {
    const run = new Training(task, options);
    const reports = await toEnd(run);
    expect(reports.map((r) => r.step)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
    expect(reports.map((r) => r.epoch)).toEqual(
      Array.from({ length: 28 }, (_, i) => Math.floor(i / 7)),
    );
    expect(reports.filter((r) => r.evaluation).map((r) => r.step)).toEqual([
      4, 7, 11, 14, 18, 21, 25, 28,
    ]);
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss / 2);
    const { score, parameters } = run.result();
    expect(score).toBeGreaterThan(0.7);
    expect(start.tables[0]!.values).not.toEqual(parameters.tables[0]);
  });

  it('killed after any step, ends in the same bytes', async () => {
    const whole = new Training(task, options);
    const reports = await toEnd(whole);
    const end = snapshotBytes(whole.checkpoint());
    for (let cut = 1; cut <= reports.length; cut++) {
      const first = new Training(task, options);
      for await (const report of first.steps()) if (report.step === cut) break;
      const { json, parts } = first.checkpoint();
      const written = JSON.parse(JSON.stringify(json)) as SnapshotJson<TrainingPosition>;
      const second = new Training(task, options, {
        json: written,
        bytes: bufferSource(snapshotBytes({ parts })),
      });
      expect(await toEnd(second)).toEqual(reports.slice(cut));
      expect(Buffer.compare(snapshotBytes(second.checkpoint()), end)).toBe(0);
      expect(second.result()).toEqual(whole.result());
    }
  });

  it('takes the same steps whether a batch goes through at once or in parts', async () => {
    const once = new Training(task, { ...options, microBatchTokens: 1000 });
    const parts = new Training(task, { ...options, microBatchTokens: 12 });
    const [a, b] = [await toEnd(once), await toEnd(parts)];
    a.forEach((report, i) => {
      expect(b[i]!.loss).toBeCloseTo(report.loss, 5);
      expect(b[i]!.gradientNorm).toBeCloseTo(report.gradientNorm, 5);
    });
  });

  it('stops when nothing gets better and keeps the best weights', async () => {
    const scores = [0.1, 0.5, 0.4, 0.45, 0.3, 0.9];
    const seen: Float32Array[] = [];
    const evaluate = ({ dense, tables }: ParameterView): number => {
      const first = new Float32Array(width);
      tables[0]!.gather(Int32Array.of(5), first);
      seen.push(Float32Array.of(...dense, ...first));
      return scores[seen.length - 1]!;
    };
    const run = new Training({ ...task, evaluate }, { ...options, patience: 3 });
    await toEnd(run);
    const result = run.result();
    expect(seen.length).toBe(5);
    expect(result).toMatchObject({ score: 0.5, bestStep: 7, steps: 18, stoppedEarly: true });
    const { dense, tables } = result.parameters;
    expect(Float32Array.of(...dense, ...tables[0]!.subarray(5 * width, 6 * width))).toEqual(
      seen[1],
    );
    expect(run.finished).toBe(true);
  });

  it.each([
    ['loss', 'the loss became NaN'],
    ['gradients', "the gradients' norm became Infinity"],
    ['score', 'the score on validation became NaN'],
  ])(
    'stops when the %s is not finite, naming the step, the rate and what to try',
    async (what, message) => {
      const run = new Training(
        {
          ...task,
          step(batch, parameters) {
            const result = step(batch, parameters);
            if (run.step === 3 && what === 'loss') result.loss = NaN;
            if (run.step === 3 && what === 'gradients') result.gradients.dense[2] = Infinity;
            return result;
          },
          evaluate: () => (what === 'score' ? NaN : 0.5),
        },
        { ...options, warmup: 0, schedule: 'constant' },
      );
      const ended = toEnd(run);
      await expect(ended).rejects.toThrow(`In step 4, at learning rate 0.1, ${message}`);
      await expect(ended).rejects.toMatchObject({
        name: 'TrainingDivergedError',
        step: 4,
        rate: 0.1,
      });
      await expect(ended).rejects.toThrow('Try a learning rate of 0.01 or less');
    },
  );

  it('ends with the reason of an aborted signal, in the middle of a step too', async () => {
    const abort = new AbortController();
    let calls = 0;
    const run = new Training(
      {
        ...task,
        step(batch, parameters) {
          if (++calls === 9) abort.abort(new Error('the worker goes'));
          return step(batch, parameters);
        },
      },
      { ...options, microBatchTokens: 12 },
    );
    const reading = (async () => {
      for await (const report of run.steps(abort.signal)) expect(report.step).toBeLessThan(9);
    })();
    await expect(reading).rejects.toThrow('the worker goes');
    expect(calls).toBe(9);
  });

  it('weighs the parts of a batch as the task says', async () => {
    const weighted = (batch: MicroBatch, parameters: ParameterView): StepResult => ({
      ...step(batch, parameters),
      weight: 2 * batch.rows.length,
    });
    const [plain, doubled] = [
      new Training(task, options),
      new Training({ ...task, step: weighted }, options),
    ];
    const [a, b] = [await toEnd(plain), await toEnd(doubled)];
    expect(b.at(-1)!.loss).toBeCloseTo(a.at(-1)!.loss, 5);
  });

  it('refuses a checkpoint of another training', async () => {
    const run = new Training(task, options);
    for await (const report of run.steps()) if (report.step === 2) break;
    const { json, parts } = run.checkpoint();
    const resume = () =>
      new Training(
        task,
        { ...options, seed: 4 },
        { json, bytes: bufferSource(snapshotBytes({ parts })) },
      );
    expect(resume).toThrow('The checkpoint is of another training');
  });
});
