import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { classTargets } from '../nn/layers/losses';
import { GradientSum } from '../nn/optimizer/gradientSum';
import { Optimizer } from '../nn/optimizer/optimizer';
import { hasDecay, parameterGroups } from '../nn/optimizer/parameterGroups';
import type { Gradients } from '../nn/optimizer/parameters';
import { openGraph } from '../onnx/graphSession';
import type { EncoderConfig } from './encoderConfig';
import { EncoderTrainer } from './encoderTrainer';
import { bufferSource } from './files/byteSource';
import { readConfig } from './files/readConfig';
import { readTokenizer } from './files/tokenizer';
import { readWeights } from './files/readWeights';
import {
  headNames,
  packParameters,
  type ParameterLayout,
  parameterLayout,
} from './parameterLayout';
import { embeddingGraph } from './servingGraph';
import { servingFeeds, tokenBatch } from './tokenBatch';

/** What PyTorch and Hugging Face's transformers computed with all-MiniLM-L6-v2. */
const encoders = process.env.TRAINYARD_ENCODERS ?? '../shared/encoders';
const present = existsSync(path.join(encoders, 'parity'));

interface FineTuning {
  labels: number[];
  input_ids: number[][];
  attention_mask: number[][];
  logits_before_step_1: number[][];
  losses: number[];
  gradients_step_1: Record<string, { norm: number; first: number[] }>;
  weight_norms_after_10: Record<string, number>;
}

interface Embeddings {
  cases: { text: string; embedding: number[] }[];
}

function readMiniLm(): { config: EncoderConfig; weights: Map<string, Float32Array> } {
  const config = { ...readConfig(fileOf('config.json')), pooling: 'mean' as const };
  return { config, weights: readWeights(bufferSource(fileOf('model.safetensors')), config) };
}

const fileOf = (name: string): Buffer =>
  readFileSync(path.join(encoders, 'all-MiniLM-L6-v2', name));

const parity = (file: string): unknown =>
  JSON.parse(readFileSync(path.join(encoders, 'parity', file), 'utf8'));

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** Each parameter's part of dense values. */
function* parts(
  { spans }: ParameterLayout,
  dense: Float32Array,
): Generator<[name: string, values: Float32Array]> {
  for (const { name, offset, length } of spans)
    yield [name, dense.subarray(offset, offset + length)];
}

/** Gradients of table rows added up where tokens share a row. */
function tableNorm({ rows, values }: Gradients['tables'][number], width: number): number {
  const sums = new Map<number, Float32Array>();
  rows.forEach((row, i) => {
    const sum = sums.get(row) ?? new Float32Array(width);
    for (let k = 0; k < width; k++) sum[k]! += values[i * width + k]!;
    sums.set(row, sum);
  });
  return norm([...sums.values()].map(norm));
}

(present ? describe : describe.skip)('MiniLM', () => {
  it('gives the embeddings that transformers gives', async () => {
    const { config, weights } = readMiniLm();
    const { cases } = parity('embeddings.json') as Embeddings;
    const tokenizer = readTokenizer(fileOf('tokenizer.json'));
    const texts = cases.map(({ text }) => tokenizer.encode(text, 128));
    const batch = tokenBatch(texts, Math.max(...texts.map(({ length }) => length)), config);
    const session = await openGraph(embeddingGraph(config, weights, true), { threads: 2 });
    const embeddings = new Float32Array(texts.length * config.hidden);
    await session.run(servingFeeds(batch), { embeddings }, { N: batch.rows, L: batch.length });
    await session.close();
    const wanted = cases.flatMap(({ embedding }) => embedding);
    const errors = wanted.map((value, i) => Math.abs(value - embeddings[i]!));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  }, 60_000);

  it('is fine-tuned with the logits, gradients, losses and weights of PyTorch', async () => {
    const wanted = parity('finetune.json') as FineTuning;
    const { config, weights } = readMiniLm();
    const labels = 4;
    const head = Float32Array.from(
      { length: labels * config.hidden },
      (_, i) => 0.05 * Math.sin(0.1 * i),
    );
    weights.set(headNames.weight, head).set(headNames.bias, new Float32Array(labels));
    const layout = parameterLayout(config, labels);
    const optimizer = new Optimizer(packParameters(layout, config, weights), {
      groups: parameterGroups(layout.spans, { weightDecay: 0.01 }),
      tables: layout.tables.map(({ name }) => ({
        weightDecay: hasDecay(name) ? 0.01 : 0,
        rateScale: 1,
      })),
    });
    const sum = new GradientSum(optimizer);
    const options = { labels, head: 'softmax', dropout: 0, threads: 2 } as const;
    const trainer = new EncoderTrainer(config, layout, options);
    const texts = wanted.input_ids.map((ids, row) =>
      ids.filter((_, i) => wanted.attention_mask[row]![i] === 1),
    );
    const batch = tokenBatch(texts, wanted.input_ids[0]!.length, config);
    const targets = classTargets(wanted.labels, labels);
    const losses: number[] = [];
    while (losses.length < wanted.losses.length) {
      const { loss, logits, gradients } = await trainer.step(batch, targets, 0, optimizer);
      if (losses.length === 0) {
        expectNear(logits, wanted.logits_before_step_1.flat(), 1e-4);
        expectGradients(wanted, layout, config, gradients);
      }
      losses.push(loss);
      sum.clear();
      sum.add(gradients, 1, true);
      for (const slice of optimizer.step(sum.sum().gradients, 5e-5, 1))
        expect(slice).toBeUndefined();
    }
    expectNear(losses, wanted.losses, 1e-3);
    for (const [name, values] of parts(layout, optimizer.dense)) {
      const size = wanted.weight_norms_after_10[name]!;
      const slack = isNoise(name) ? 1e-5 : 1e-4 * size;
      expect([name, near(norm(values), size, slack)]).toEqual([name, true]);
    }
    await trainer.close();
  }, 120_000);
});

/** A bias on all keys alike changes no softmax: its gradient is 0; what is seen and learnt is rounding. */
const isNoise = (name: string): boolean => name.endsWith('key.bias');

const near = (a: number, b: number, slack: number): boolean => Math.abs(a - b) <= slack;

function expectNear(found: ArrayLike<number>, wanted: number[], slack: number): void {
  const far = wanted.flatMap((value, i) => (near(value, found[i]!, slack) ? [] : [i]));
  expect(far).toEqual([]);
}

function expectGradients(
  wanted: FineTuning,
  layout: ParameterLayout,
  { hidden }: EncoderConfig,
  { dense, tables }: Gradients,
): void {
  for (const [name, values] of parts(layout, dense)) {
    const { norm: size, first } = wanted.gradients_step_1[name]!;
    const slack = isNoise(name) ? 1e-8 : 1e-3 * size;
    expect([name, near(norm(values), size, slack)]).toEqual([name, true]);
    expectNear(values, first, slack);
  }
  tables.forEach((table, t) => {
    const { name } = layout.tables[t]!;
    const { norm: size } = wanted.gradients_step_1[name]!;
    expect([name, near(tableNorm(table, hidden), size, 1e-3 * size)]).toEqual([name, true]);
  });
}
