import { compile } from '../autodiff/compile';
import { gradients } from '../autodiff/gradients';
import { input, type Tensor } from '../autodiff/tensor';
import type { Dropout } from '../nn/layers/dropout';
import { binaryCrossEntropy, crossEntropy } from '../nn/layers/losses';
import type { OnnxGraph } from '../onnx/graph';
import type { EncoderConfig } from './encoderConfig';
import { encoderStates, pooledStates } from './encoderGraph';
import { headNames, type ParameterLayout } from './parameterLayout';

/** `softmax`: one label per text. `sigmoid`: any number of them. `tokens`: one label per token. */
export type HeadKind = 'softmax' | 'sigmoid' | 'tokens';

/** What a graph is made for; sizes are fixed, so each batch shape has a graph of its own. */
export interface GraphSizes {
  rows: number;
  /** Tokens of each row, padding included. */
  length: number;
  labels: number;
}

/** What gets a label of its own: rows, or each of their tokens. */
export function labelledPlaces(
  head: HeadKind,
  { rows, length }: Omit<GraphSizes, 'labels'>,
): number {
  return head === 'tokens' ? rows * length : rows;
}

/** The gradient of the input or parameter `name`, among a training graph's outputs. */
export const gradientName = (name: string): string => `gradient of ${name}`;

/**
 * One step of learning as a graph. Inputs: `embeddings` [rows, length, hidden] (the sum of each token's
 * rows of the tables), `mask` [rows, length], `targets` [places, labels], `total` [] (what the summed loss
 * is divided by; see `crossEntropy`), every dense parameter and dropout's masks. Outputs: `loss` [],
 * `logits` [places, labels], and the gradients of all parameters and of `embeddings`. Places are rows or
 * tokens; see `labelledPlaces`.
 */
export function trainingGraph(
  config: EncoderConfig,
  layout: ParameterLayout,
  sizes: GraphSizes,
  { head, dropout }: { head: HeadKind; dropout: Dropout },
): OnnxGraph {
  const { inputs, logits } = classifier(config, layout, sizes, head, dropout);
  const targets = input('targets', [labelledPlaces(head, sizes), sizes.labels]);
  const total = input('total', []);
  const loss = (head === 'sigmoid' ? binaryCrossEntropy : crossEntropy)(logits, targets, total);
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
  head: HeadKind,
): OnnxGraph {
  return compile('scores', { logits: classifier(config, layout, sizes, head).logits });
}

function classifier(
  config: EncoderConfig,
  layout: ParameterLayout,
  { rows, length }: GraphSizes,
  head: HeadKind,
  dropout?: Dropout,
): { inputs: Map<string, Tensor>; logits: Tensor } {
  const parameters = new Map(layout.spans.map(({ name, shape }) => [name, input(name, shape)]));
  const embeddings = input('embeddings', [rows, length, config.hidden]);
  const mask = input('mask', [rows, length]);
  const parameter = (name: string): Tensor => parameters.get(name)!;
  const states = encoderStates(config, { embeddings, mask, parameters: parameter, dropout });
  const labelled =
    head === 'tokens'
      ? states.reshape([labelledPlaces(head, { rows, length }), config.hidden])
      : pooledStates(config, states, mask);
  const dropped = dropout?.apply(labelled) ?? labelled;
  const logits = dropped.linear(parameter(headNames.weight), parameter(headNames.bias));
  return { inputs: parameters.set('embeddings', embeddings), logits };
}
