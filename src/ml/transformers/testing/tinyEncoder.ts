import { randomAt, streamKey } from '../../random/counterRandom';
import type { EncoderConfig, EncoderFamily } from '../encoderConfig';
import { parameterShapes } from '../parameterNames';
import { float32Tensor, safetensorsFile, type TensorToWrite } from './safetensorsFile';
import { tinyTokenizer, tinyVocabulary } from './tinyTokenizer';

/** Which tiny encoder to make. */
export interface TinyEncoderOptions {
  /** @default 'bert' */
  family?: EncoderFamily;
  /** Of the weights. @default 1 */
  seed?: number;
  /** Words with tokens of their own, beside letters and digits. @default none */
  words?: readonly string[];
  /** @default 32 */
  hidden?: number;
  /** @default 2 */
  layers?: number;
}

/** The configuration of a tiny encoder: 4 heads, contexts of 64 tokens. */
export function tinyConfig(options: TinyEncoderOptions = {}): EncoderConfig {
  const { family = 'bert', words = [], hidden = 32, layers = 2 } = options;
  const offset = family === 'roberta' || family === 'mpnet';
  return {
    family,
    vocabulary: tinyVocabulary(words).length,
    hidden,
    layers,
    heads: 4,
    intermediate: 2 * hidden,
    maxPositions: offset ? 66 : 64,
    typeVocabulary: family === 'bert' ? 2 : family === 'roberta' ? 1 : 0,
    layerNormEps: family === 'roberta' ? 1e-5 : 1e-12,
    activation: 'gelu',
    padTokenId: offset ? 1 : 0,
    relativeAttentionBuckets: family === 'mpnet' ? 8 : 0,
    pooling: 'mean',
  };
}

/** The files of a complete encoder with random weights, by path: what a Hugging Face folder holds. */
export function tinyEncoderFiles(options: TinyEncoderOptions = {}): Map<string, Uint8Array> {
  const config = tinyConfig(options);
  return new Map([
    ['config.json', json(configJson(config))],
    ['tokenizer.json', json(tinyTokenizer(options.words ?? []))],
    ['model.safetensors', safetensorsFile(tinyWeights(config, options.seed ?? 1))],
    ['modules.json', json(modules)],
    ['1_Pooling/config.json', json(poolingJson(config))],
    ['sentence_bert_config.json', json({ max_seq_length: 48, do_lower_case: false })],
    ['README.md', new TextEncoder().encode('---\nlicense: cc0-1.0\n---\n# A tiny encoder\n')],
  ]);
}

/** Seeded weights: norms begin as the identity, the rest is uniform with the variance of fan-in. */
export function tinyWeights(config: EncoderConfig, seed: number): Map<string, TensorToWrite> {
  const tensors = new Map<string, TensorToWrite>();
  for (const [index, [name, shape]] of [...parameterShapes(config)].entries()) {
    const values = new Float32Array(shape.reduce((a, b) => a * b));
    const isNorm = /(LayerNorm|layer_norm)\.weight$/.test(name);
    const scale = name.endsWith('.bias') ? 0 : Math.sqrt(3 / shape.at(-1)!);
    const key = streamKey(seed, index);
    for (let i = 0; i < values.length; i++) {
      values[i] = isNorm ? 1 : scale * (randomAt(key, i) / 2147483648 - 1);
    }
    tensors.set(name, float32Tensor(shape, values));
  }
  return tensors;
}

const modules = ['Transformer', 'Pooling', 'Normalize'].map((kind, idx) => ({
  idx,
  name: String(idx),
  path: idx === 0 ? '' : `${idx}_${kind}`,
  type: `sentence_transformers.models.${kind}`,
}));

function poolingJson({ hidden, pooling }: EncoderConfig): object {
  return {
    word_embedding_dimension: hidden,
    pooling_mode_cls_token: pooling === 'cls',
    pooling_mode_mean_tokens: pooling === 'mean',
    pooling_mode_max_tokens: false,
    pooling_mode_mean_sqrt_len_tokens: false,
  };
}

function configJson(config: EncoderConfig): object {
  const shared = {
    model_type: config.family,
    vocab_size: config.vocabulary,
    max_position_embeddings: config.maxPositions,
    pad_token_id: config.padTokenId,
  };
  if (config.family === 'distilbert') {
    const { hidden: dim, layers: n_layers, heads: n_heads, intermediate: hidden_dim } = config;
    return { ...shared, dim, n_layers, n_heads, hidden_dim, activation: config.activation };
  }
  return {
    ...shared,
    hidden_size: config.hidden,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediate,
    hidden_act: config.activation,
    layer_norm_eps: config.layerNormEps,
    ...(config.typeVocabulary > 0 ? { type_vocab_size: config.typeVocabulary } : {}),
    ...(config.relativeAttentionBuckets > 0
      ? { relative_attention_num_buckets: config.relativeAttentionBuckets }
      : {}),
  };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, null, 1));
}
