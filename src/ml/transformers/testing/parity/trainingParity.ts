import { classTargets } from '../../../nn/layers/losses';
import { GradientSum } from '../../../nn/optimizer/gradientSum';
import { Optimizer } from '../../../nn/optimizer/optimizer';
import { hasDecay, parameterGroups } from '../../../nn/optimizer/parameterGroups';
import type { EncoderConfig } from '../../encoderConfig';
import { EncoderTrainer } from '../../encoderTrainer';
import { headNames, packParameters, parameterLayout } from '../../parameterLayout';
import { embeddingNames } from '../../parameterNames';
import { type TokenBatch, tokenBatch } from '../../tokenBatch';
import { norm, normErrors, type ParameterErrors, parameterErrors } from './parameterErrors';
import { gradientsByName, weightsByName } from './parametersByName';
import { readParityEncoder, readParityValues } from './parityFiles';
import { type Worst, worstDifference } from './worst';

/** Worst errors of ten steps of fine-tuning beside PyTorch's. */
export interface TrainingParity {
  /** Parameters compared. */
  parameters: number;
  /** Before the first step, absolute. */
  logits: Worst;
  /** Of the first step. */
  gradientNorms: ParameterErrors;
  /** The first few numbers of each gradient of the first step, in parts of the gradient's norm. */
  gradientValues: ParameterErrors;
  /** Of all steps, absolute. */
  losses: Worst;
  /** After the last step, without the table of words. */
  weightNorms: ParameterErrors;
  /**
   * Of the table of words, relative. PyTorch adds up its 11.7 million squares in single precision: its
   * norm of the untrained table is already 5.6e-4 below that in double precision, which is taken here.
   */
  wordTableNorm: number;
}

interface FineTuning {
  labels: number[];
  input_ids: number[][];
  attention_mask: number[][];
  logits_before_step_1: number[][];
  losses: number[];
  gradients_step_1: Record<string, { norm: number; first: number[] }>;
  weight_norms_after_10: Record<string, number>;
}

const labels = 4;

/** Fine-tunes the encoder as the file's values were made: one batch, no dropout, AdamW. */
export async function trainingParity(): Promise<TrainingParity> {
  const wanted = readParityValues('finetune.json') as FineTuning;
  const { config, weights } = readParityEncoder();
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
    })),
  });
  const options = { labels, head: 'softmax', dropout: 0, threads: 2 } as const;
  const trainer = new EncoderTrainer(config, layout, options);
  const batch = batchOf(wanted, config);
  const targets = classTargets(wanted.labels, labels);
  const sum = new GradientSum(optimizer);
  const losses: number[] = [];
  let first: Pick<TrainingParity, 'logits' | 'gradientNorms' | 'gradientValues'> | undefined;
  while (losses.length < wanted.losses.length) {
    const { loss, logits, gradients } = await trainer.step(batch, targets, 0, optimizer);
    losses.push(loss);
    sum.clear();
    sum.add(gradients, 1, true);
    const summed = sum.sum().gradients;
    first ??= {
      logits: worstDifference(
        wanted.logits_before_step_1.flat(),
        logits,
        (i) => `text ${Math.floor(i / labels) + 1}, label ${i % labels}`,
      ),
      ...gradientErrors(wanted, gradientsByName(layout, optimizer, summed)),
    };
    const update = optimizer.step(summed, 5e-5, 1);
    while (update.next().done !== true);
  }
  await trainer.close();
  const { [embeddingNames.words]: wordTable, ...others } = wanted.weight_norms_after_10;
  const trained = weightsByName(layout, optimizer);
  return {
    parameters: Object.keys(wanted.gradients_step_1).length,
    ...first!,
    losses: worstDifference(wanted.losses, losses, (i) => `step ${i + 1}`),
    weightNorms: normErrors(others, trained),
    wordTableNorm: Math.abs(norm(trained.get(embeddingNames.words)) / wordTable! - 1),
  };
}

function batchOf({ input_ids, attention_mask }: FineTuning, config: EncoderConfig): TokenBatch {
  const texts = input_ids.map((ids, row) => ids.filter((_, i) => attention_mask[row]![i] === 1));
  return tokenBatch(texts, input_ids[0]!.length, config);
}

function gradientErrors(
  { gradients_step_1: wanted }: FineTuning,
  found: ReadonlyMap<string, Float32Array>,
): Pick<TrainingParity, 'gradientNorms' | 'gradientValues'> {
  const gradients = Object.entries(wanted);
  return {
    gradientNorms: normErrors(
      Object.fromEntries(gradients.map(([name, { norm: size }]) => [name, size])),
      found,
    ),
    gradientValues: parameterErrors(
      gradients.map(([name, { norm: size, first }]) => {
        const { error } = worstDifference(first, found.get(name) ?? [], String);
        return { name, error, size };
      }),
    ),
  };
}
