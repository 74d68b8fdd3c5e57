import { compile } from '../autodiff/compile';
import { constant, input, type Tensor } from '../autodiff/tensor';
import type { OnnxGraph } from '../onnx/graph';
import { type EncoderConfig, firstPosition } from './encoderConfig';
import { encoderStates, pooledStates } from './encoderGraph';
import { headNames } from './parameterLayout';
import { embeddingNames, parameterShapes } from './parameterNames';
import type { HeadKind } from './trainingGraph';

type Weights = ReadonlyMap<string, Float32Array>;

/**
 * A classifier that serves. Inputs: `input_ids` and `attention_mask`, int64 [N, L], any N, and L up to
 * the encoder's context. Outputs: `probabilities` and `logits`, float [N, labels]. Weights are in it; it uses
 * ONNX's own operators alone, so any runtime of its opset takes it.
 */
export function classifierGraph(
  config: EncoderConfig,
  weights: Weights,
  head: Exclude<HeadKind, 'tokens'>,
): OnnxGraph {
  const bias = valuesOf(weights, headNames.bias);
  const weight = valuesOf(weights, headNames.weight);
  const logits = pooled(config, weights).linear(
    constant(weight, [bias.length, config.hidden], headNames.weight),
    constant(bias, [bias.length], headNames.bias),
  );
  const probabilities = head === 'softmax' ? logits.softmax() : logits.sigmoid();
  return compile('classifier', { probabilities, logits });
}

/**
 * An encoder that serves: `input_ids` and `attention_mask` as `classifierGraph` has them; `embeddings`,
 * float [N, hidden].
 *
 * @param normalize whether embeddings are brought to length 1
 */
export function embeddingGraph(
  config: EncoderConfig,
  weights: Weights,
  normalize: boolean,
): OnnxGraph {
  const states = pooled(config, weights);
  const length = states.mul(states).sum([-1]).sqrt();
  return compile('encoder', { embeddings: normalize ? states.div(length) : states });
}

/**
 * An encoder that serves the tokens of texts one by one: inputs as above; `states`, float [N, L, hidden].
 */
export function tokenStatesGraph(config: EncoderConfig, weights: Weights): OnnxGraph {
  return compile('encoder', { states: tokenStates(config, weights).states });
}

/** A token classifier that serves: inputs as above; `logits` of each token's labels, float [N, L, labels]. */
export function tokenClassifierGraph(config: EncoderConfig, weights: Weights): OnnxGraph {
  const bias = valuesOf(weights, headNames.bias);
  const weight = valuesOf(weights, headNames.weight);
  const { states } = tokenStates(config, weights);
  const logits = states.linear(
    constant(weight, [bias.length, config.hidden], headNames.weight),
    constant(bias, [bias.length], headNames.bias),
  );
  return compile('token classifier', { logits });
}

function pooled(config: EncoderConfig, weights: Weights): Tensor {
  const { states, mask } = tokenStates(config, weights);
  return pooledStates(config, states, mask);
}

function tokenStates(config: EncoderConfig, weights: Weights): { states: Tensor; mask: Tensor } {
  const shapes = parameterShapes(config);
  const parameters = (name: string): Tensor =>
    constant(valuesOf(weights, name), shapes.get(name)!, name);
  const ids = input('input_ids', ['N', 'L'], 'int64');
  const mask = input('attention_mask', ['N', 'L'], 'int64').cast('float32');
  const words = parameters(embeddingNames.words).gather(ids);
  const positions = parameters(embeddingNames.positions).gather(positionsOf(config, ids));
  const both = words.add(positions);
  const types = config.typeVocabulary > 0 ? parameters(embeddingNames.types) : undefined;
  const embeddings =
    types === undefined ? both : both.add(types.slice(0, 0, 1).reshape([config.hidden]));
  return { states: encoderStates(config, { embeddings, mask, parameters }), mask };
}

/** As `positionRows`: 0, 1, 2, …, or counted from the padding token's id, which padding itself takes. */
function positionsOf(config: EncoderConfig, ids: Tensor): Tensor {
  if (firstPosition(config) === 0) return ids.range(1);
  const tokens = ids.equal(config.padTokenId).cast('int64').neg().add(1);
  return tokens.cumulativeSum(1).mul(tokens).add(config.padTokenId);
}

function valuesOf(weights: Weights, name: string): Float32Array {
  const values = weights.get(name);
  if (values === undefined) throw new Error(`parameter "${name}" is missing`);
  return values;
}
