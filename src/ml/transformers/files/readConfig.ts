import type { Activation, EncoderConfig, EncoderFamily } from '../encoderConfig';
import { firstPosition } from '../encoderConfig';
import { JsonFields } from './jsonFields';

export const configFile = 'config.json';

/** `model_type` of the architectures whose graphs we know, and the family of each. */
const architectures = {
  bert: 'bert',
  distilbert: 'distilbert',
  roberta: 'roberta',
  'xlm-roberta': 'roberta',
  camembert: 'roberta',
  mpnet: 'mpnet',
} as const satisfies Record<string, EncoderFamily>;

const activations: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_new: 'gelu_new',
  // The same approximation under PyTorch's name.
  gelu_pytorch_tanh: 'gelu_new',
};

/** Far above any published encoder: larger numbers are mistakes, or meant to exhaust memory. */
const widest = 16_384;
const mostLayers = 256;
const largestVocabulary = 4_194_304;
const longestContext = 1_048_576;

/**
 * Reads a Hugging Face `config.json`.
 * @throws EncoderFileError that names the field, what it holds and what is expected
 */
export function readConfig(content: Uint8Array): Omit<EncoderConfig, 'pooling'> {
  const fields = JsonFields.parse(configFile, content);
  const modelType = fields.oneOf(
    'model_type',
    Object.keys(architectures) as (keyof typeof architectures)[],
  );
  const family = architectures[modelType];
  refuseOtherGraphs(fields);
  const config = family === 'distilbert' ? distilBert(fields) : bertLike(fields, family);
  if (config.hidden % config.heads !== 0) {
    fields.refuse(
      family === 'distilbert' ? 'dim' : 'hidden_size',
      `a multiple of the ${config.heads} heads`,
    );
  }
  if (config.padTokenId >= config.vocabulary) {
    fields.refuse('pad_token_id', `under the vocab_size of ${config.vocabulary}`);
  }
  if (config.maxPositions - firstPosition({ ...config, pooling: 'mean' }) < 8) {
    fields.refuse('max_position_embeddings', 'room for at least 8 tokens');
  }
  return config;
}

/** Settings under which the same weights would mean something else. */
function refuseOtherGraphs(fields: JsonFields): void {
  fields.oneOf('position_embedding_type', ['absolute'], 'absolute');
  for (const name of ['is_decoder', 'add_cross_attention', 'is_encoder_decoder']) {
    if (fields.flag(name, false)) fields.refuse(name, 'false: an encoder');
  }
}

function bertLike(fields: JsonFields, family: EncoderFamily): Omit<EncoderConfig, 'pooling'> {
  const hasTypes = family !== 'mpnet';
  const padFallback = family === 'bert' ? 0 : 1;
  return {
    family,
    ...common(fields, padFallback),
    hidden: fields.wholeNumber('hidden_size', { least: 1, most: widest }),
    layers: fields.wholeNumber('num_hidden_layers', { least: 1, most: mostLayers }),
    heads: fields.wholeNumber('num_attention_heads', { least: 1, most: widest }),
    intermediate: fields.wholeNumber('intermediate_size', { least: 1, most: 8 * widest }),
    typeVocabulary: hasTypes
      ? fields.wholeNumber('type_vocab_size', { least: 1, most: 1024, fallback: 2 })
      : 0,
    layerNormEps: fields.number('layer_norm_eps', { least: 0, most: 1, fallback: 1e-12 }),
    activation: activationOf(fields, 'hidden_act'),
    relativeAttentionBuckets:
      family === 'mpnet'
        ? fields.wholeNumber('relative_attention_num_buckets', {
            least: 2,
            most: 4096,
            fallback: 32,
          })
        : 0,
  };
}

function distilBert(fields: JsonFields): Omit<EncoderConfig, 'pooling'> {
  return {
    family: 'distilbert',
    ...common(fields, 0),
    hidden: fields.wholeNumber('dim', { least: 1, most: widest }),
    layers: fields.wholeNumber('n_layers', { least: 1, most: mostLayers }),
    heads: fields.wholeNumber('n_heads', { least: 1, most: widest }),
    intermediate: fields.wholeNumber('hidden_dim', { least: 1, most: 8 * widest }),
    typeVocabulary: 0,
    layerNormEps: 1e-12,
    activation: activationOf(fields, 'activation'),
    relativeAttentionBuckets: 0,
  };
}

function common(
  fields: JsonFields,
  padFallback: number,
): Pick<EncoderConfig, 'vocabulary' | 'maxPositions' | 'padTokenId'> {
  return {
    vocabulary: fields.wholeNumber('vocab_size', { least: 2, most: largestVocabulary }),
    maxPositions: fields.wholeNumber('max_position_embeddings', {
      least: 8,
      most: longestContext,
    }),
    padTokenId: fields.wholeNumber('pad_token_id', {
      least: 0,
      most: largestVocabulary,
      fallback: padFallback,
    }),
  };
}

function activationOf(fields: JsonFields, name: string): Activation {
  return activations[fields.oneOf(name, Object.keys(activations), 'gelu')]!;
}
