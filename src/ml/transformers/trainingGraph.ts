import { compile } from '../autodiff/compile';
import { gradients } from '../autodiff/gradients';
import { input, type Tensor } from '../autodiff/tensor';
import type { Dropout } from '../nn/layers/dropout';
import { binaryCrossEntropy, crossEntropy } from '../nn/layers/losses';
import type { OnnxGraph } from '../onnx/graph';
import type { EncoderConfig } from './encoderConfig';
import { encoderStates, pooledStates } from './encoderGraph';
import { headNames, type ParameterLayout } from './parameterLayout';

/** `softmax`: one label per text. `sigmoid`: any number of them. */
export type HeadKind = 'softmax' | 'sigmoid';

/** What a graph is made for; sizes are fixed, so each batch shape has a graph of its own. */
export interface GraphSizes {
  rows: number;
  /** Tokens of each row, padding included. */
  length: number;
  labels: number;
}

/** The gradient of the input or parameter `name`, among a training graph's outputs. */
export const gradientName = (name: string): string => `gradient of ${name}`;

/**
 * One step of learning as a graph. Inputs: `embeddings` [rows, length, hidden] (the sum of each token's
 * rows of the tables), `mask` [rows, length], `targets` [rows, labels], `total` [] (what the summed loss
 * is divided by; see `crossEntropy`), every dense parameter and dropout's masks. Outputs: `loss` [],
 * `logits` [rows, labels], and the gradients of all parameters and of `embeddings`.
 */
export function trainingGraph(
  config: EncoderConfig,
  layout: ParameterLayout,
  sizes: GraphSizes,
  { head, dropout }: { head: HeadKind; dropout: Dropout },
): OnnxGraph {
  const { inputs, logits } = classifier(config, layout, sizes, dropout);
  const targets = input('targets', [sizes.rows, sizes.labels]);
  const total = input('total', []);
  const loss = (head === 'softmax' ? crossEntropy : binaryCrossEntropy)(logits, targets, total);
  const leaves = [...inputs];
  const found = gradients(
    loss,
    leaves.map(([, leaf]) => leaf),
  );
  const outputs = leaves.map(([name], i) => [gradientName(name), found[i]!] as const);
  return compile('training step', { loss, logits, ...Object.fromEntries(outputs) });
}

/** The same classifier without loss, gradients and dropout: `logits` while parameters still change. */
export function scoringGraph(
  config: EncoderConfig,
  layout: ParameterLayout,
  sizes: GraphSizes,
): OnnxGraph {
  return compile('scores', { logits: classifier(config, layout, sizes).logits });
}

function classifier(
  config: EncoderConfig,
  layout: ParameterLayout,
  { rows, length }: GraphSizes,
  dropout?: Dropout,
): { inputs: Map<string, Tensor>; logits: Tensor } {
  const parameters = new Map(layout.spans.map(({ name, shape }) => [name, input(name, shape)]));
  const embeddings = input('embeddings', [rows, length, config.hidden]);
  const mask = input('mask', [rows, length]);
  const parameter = (name: string): Tensor => parameters.get(name)!;
  const states = encoderStates(config, { embeddings, mask, parameters: parameter, dropout });
  const pooled = pooledStates(config, states, mask);
  const dropped = dropout?.apply(pooled) ?? pooled;
  const logits = dropped.linear(parameter(headNames.weight), parameter(headNames.bias));
  return { inputs: parameters.set('embeddings', embeddings), logits };
}
