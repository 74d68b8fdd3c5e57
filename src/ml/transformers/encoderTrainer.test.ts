import { classTargets } from '../nn/layers/losses';
import type { Gradients, ParameterSet, ParameterView } from '../nn/optimizer/parameters';
import { openGraph } from '../onnx/graphSession';
import { randomAt, streamKey } from '../random/counterRandom';
import { EncoderTrainer, type EncoderTrainerOptions } from './encoderTrainer';
import { headNames, packParameters, parameterLayout, unpackParameters } from './parameterLayout';
import { parameterShapes } from './parameterNames';
import { classifierGraph } from './servingGraph';
import { tinyConfig } from './testing/tinyEncoder';
import { servingFeeds, tokenBatch } from './tokenBatch';

const config = tinyConfig();
const labels = 3;
const layout = parameterLayout(config, labels);
const texts = [
  [2, 7, 8, 9, 3],
  [2, 10, 3],
  [2, 11, 12, 3],
  [2, 13, 14, 15, 16, 3],
];
const targets = classTargets([0, 1, 2, 1], labels);

function start(): ParameterSet {
  const shapes = parameterShapes(config).set(headNames.weight, [labels, config.hidden]);
  const weights = [...shapes.set(headNames.bias, [labels])].map(([name, shape], index) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const centre = /LayerNorm\.weight$/.test(name) ? 1 : 0;
    const at = (i: number): number => randomAt(streamKey(1, index), i) / 2 ** 32 - 0.5;
    return [name, Float32Array.from({ length }, (_, i) => centre + at(i) / 2)] as const;
  });
  return packParameters(layout, config, new Map(weights));
}

const parameters = start();

/** Parameters that stay as they are. */
const view: ParameterView = {
  dense: parameters.dense,
  tables: parameters.tables.map(({ values, width }) => ({
    rows: values.length / width,
    width,
    gather(rows, into) {
      rows.forEach((row, i) =>
        into.set(values.subarray(row * width, (row + 1) * width), i * width),
      );
    },
  })),
};

async function withTrainer<T>(
  work: (trainer: EncoderTrainer) => Promise<T>,
  options: Partial<EncoderTrainerOptions> = {},
): Promise<T> {
  const settings = { labels, head: 'softmax', dropout: 0, threads: 1, ...options } as const;
  const trainer = new EncoderTrainer(config, layout, settings);
  try {
    return await work(trainer);
  } finally {
    await trainer.close();
  }
}

const copied = ({ dense, tables }: Gradients): Gradients => ({
  dense: dense.slice(),
  tables: tables.map(({ rows, values }) => ({ rows, values: values.slice() })),
});

async function gradientsOf(options?: Partial<EncoderTrainerOptions>, key = 1): Promise<Gradients> {
  return withTrainer(async (trainer) => {
    const batch = tokenBatch(texts, 6, config);
    return copied((await trainer.step(batch, targets, key, view)).gradients);
  }, options);
}

describe('EncoderTrainer', () => {
  it('gives the same bytes on one thread and on two', async () => {
    expect(await gradientsOf({ dropout: 0.2 })).toEqual(
      await gradientsOf({ dropout: 0.2, threads: 2 }),
    );
  });

  it('drops by the key alone', async () => {
    const first = await gradientsOf({ dropout: 0.2 }, 5);
    expect(await gradientsOf({ dropout: 0.2 }, 5)).toEqual(first);
    expect(await gradientsOf({ dropout: 0.2 }, 6)).not.toEqual(first);
  });

  it('gives gradients whose parts add up to those of the whole batch', async () => {
    const whole = await gradientsOf();
    const parts = await withTrainer(async (trainer) => {
      const found: Gradients[] = [];
      for (const from of [0, 2]) {
        const batch = tokenBatch(texts.slice(from, from + 2), 6, config);
        const part = classTargets([0, 1, 2, 1].slice(from, from + 2), labels);
        const goal = { targets: part.targets, total: targets.total };
        found.push(copied((await trainer.step(batch, goal, 0, view)).gradients));
      }
      return found;
    });
    const furthest = whole.dense.reduce((most, d, i) => {
      const sum = parts[0]!.dense[i]! + parts[1]!.dense[i]!;
      return Math.max(most, Math.abs(d - sum));
    }, 0);
    expect(furthest).toBeLessThan(1e-5);
  });

  it('scores a text alike whatever it is padded to', async () => {
    await withTrainer(async (trainer) => {
      const short = await trainer.score(tokenBatch(texts, 6, config), view);
      const long = await trainer.score(tokenBatch(texts, 16, config), view);
      short.forEach((logit, i) => expect(long[i]).toBeCloseTo(logit, 5));
    });
  });

  it('lowers the loss along its gradient', async () => {
    await withTrainer(
      async (trainer) => {
        const batch = tokenBatch(texts, 6, config);
        const own = { ...view, dense: view.dense.slice() };
        const goal = { targets: targets.targets, total: texts.length * labels };
        const before = await trainer.step(batch, goal, 0, own);
        before.gradients.dense.forEach((d, i) => (own.dense[i]! -= 0.05 * d));
        const after = await trainer.step(batch, goal, 0, own);
        expect(after.loss).toBeLessThan(before.loss);
      },
      { head: 'sigmoid' },
    );
  });

  it('opens more sessions than it keeps', async () => {
    await withTrainer(async (trainer) => {
      const first = await trainer.score(tokenBatch(texts, 6, config), view);
      for (let length = 7; length < 22; length++)
        await trainer.score(tokenBatch(texts, length, config), view);
      expect(await trainer.score(tokenBatch(texts, 6, config), view)).toEqual(first);
    });
  });
});

describe('classifierGraph', () => {
  it.each(['softmax', 'sigmoid'] as const)(
    'serves the scores that training saw (%s)',
    async (head) => {
      const batch = tokenBatch(texts, 6, config);
      const wanted = await withTrainer((trainer) => trainer.score(batch, view));
      const tables = parameters.tables.map(({ values }) => values);
      const weights = unpackParameters(layout, { dense: parameters.dense, tables });
      const graph = classifierGraph(config, weights, head);
      expect(graph.nodes.filter(({ domain }) => domain !== undefined)).toEqual([]);
      const session = await openGraph(graph, { threads: 1 });
      const into = {
        logits: new Float32Array(wanted.length),
        probabilities: new Float32Array(wanted.length),
      };
      await session.run(servingFeeds(batch), into, { N: batch.rows, L: batch.length });
      await session.close();
      wanted.forEach((logit, i) => expect(into.logits[i]).toBeCloseTo(logit, 5));
      const odds = wanted.map(Math.exp);
      const probability = (i: number): number => {
        if (head === 'sigmoid') return odds[i]! / (1 + odds[i]!);
        const row = odds.subarray(i - (i % labels), i - (i % labels) + labels);
        return odds[i]! / row.reduce((a, b) => a + b, 0);
      };
      wanted.forEach((_, i) => expect(into.probabilities[i]).toBeCloseTo(probability(i), 5));
    },
  );
});
