import type { Dim } from '../autodiff/shape';
import { integers, type Tensor } from '../autodiff/tensor';
import { additiveMask, attention } from '../nn/layers/attention';
import type { Dropout } from '../nn/layers/dropout';
import { layerNorm, linear, type Parameters } from '../nn/layers/parameters';
import { firstTokenPooling, meanPooling } from '../nn/layers/pooling';
import type { EncoderConfig } from './encoderConfig';
import { embeddingNames, layerModules } from './parameterNames';
import { distanceBuckets } from './relativePositions';

export interface EncoderInputs {
  /** Each token's rows of the tables of words, positions and types, added up: [batch, length, hidden]. */
  embeddings: Tensor;
  /** 1 for tokens, 0 for padding: [batch, length], float32. */
  mask: Tensor;
  parameters: Parameters;
  /** @default nothing is dropped */
  dropout?: Dropout | undefined;
}

/**
 * The encoder, from embeddings to one state per token [batch, length, hidden]: BERT (Devlin et al.
 * 2019), DistilBERT (Sanh et al. 2019), RoBERTa (Liu et al. 2019) and MPNet (Song et al. 2020), which
 * differ in names, positions and MPNet's bias of distances.
 */
export function encoderStates(config: EncoderConfig, inputs: EncoderInputs): Tensor {
  const { embeddings, mask, parameters, dropout } = inputs;
  const drop = (x: Tensor): Tensor => dropout?.apply(x) ?? x;
  const norm = (x: Tensor, module: string): Tensor =>
    layerNorm(x, module, config.layerNormEps, parameters);
  const bias = attentionBias(config, mask, parameters);
  let states = drop(norm(embeddings, embeddingNames.norm));
  for (let i = 0; i < config.layers; i++) {
    const names = layerModules(config, i);
    const [query, key, value] = [names.query, names.key, names.value].map((module) =>
      linear(states, module, parameters),
    ) as [Tensor, Tensor, Tensor];
    const seen = attention(query, key, value, { heads: config.heads, bias, dropout });
    const attended = drop(linear(seen, names.attentionOutput, parameters));
    const middle = norm(attended.add(states), names.attentionNorm);
    const inner = activate(config, linear(middle, names.intermediate, parameters));
    states = norm(drop(linear(inner, names.output, parameters)).add(middle), names.outputNorm);
  }
  return states;
}

/** One state per text, [batch, hidden], by the encoder's way of pooling. */
export function pooledStates({ pooling }: EncoderConfig, states: Tensor, mask: Tensor): Tensor {
  return pooling === 'mean' ? meanPooling(states, mask) : firstTokenPooling(states);
}

function activate({ activation }: EncoderConfig, x: Tensor): Tensor {
  return activation === 'gelu' ? x.gelu() : x.geluTanh();
}

/** What is added to all scores: −10⁹ for padding, and MPNet's learnt bias of each distance and head. */
function attentionBias(config: EncoderConfig, mask: Tensor, parameters: Parameters): Tensor {
  const padding = additiveMask(mask);
  if (config.relativeAttentionBuckets === 0) return padding;
  const buckets = tokenBuckets(config, mask);
  const [length] = buckets.shape as [Dim];
  const byPair = parameters(embeddingNames.relativeBias).gather(buckets).transpose([2, 0, 1]);
  return byPair.reshape([1, config.heads, length, length]).add(padding);
}

/** The bucket of each pair of tokens, [length, length]: query, key. */
function tokenBuckets(config: EncoderConfig, mask: Tensor): Tensor {
  const longest = config.maxPositions;
  const places = mask.range(1);
  const [length] = places.shape as [Dim];
  const distances = places.reshape([1, length]).sub(places.reshape([length, 1]));
  const buckets = integers(distanceBuckets(longest, config.relativeAttentionBuckets));
  return buckets.gather(distances.add(longest - 1));
}
