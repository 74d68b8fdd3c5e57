import type { EncoderConfig, EncoderFamily } from './encoderConfig';

/** The modules of one layer, each with a `.weight` and a `.bias`. */
interface LayerModules {
  query: string;
  key: string;
  value: string;
  attentionOutput: string;
  attentionNorm: string;
  intermediate: string;
  output: string;
  outputNorm: string;
}

const bertLayer: LayerModules = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  intermediate: 'intermediate.dense',
  output: 'output.dense',
  outputNorm: 'output.LayerNorm',
};

const families: Record<EncoderFamily, { layers: string; modules: LayerModules }> = {
  bert: { layers: 'encoder.layer', modules: bertLayer },
  roberta: { layers: 'encoder.layer', modules: bertLayer },
  distilbert: {
    layers: 'transformer.layer',
    modules: {
      query: 'attention.q_lin',
      key: 'attention.k_lin',
      value: 'attention.v_lin',
      attentionOutput: 'attention.out_lin',
      attentionNorm: 'sa_layer_norm',
      intermediate: 'ffn.lin1',
      output: 'ffn.lin2',
      outputNorm: 'output_layer_norm',
    },
  },
  mpnet: {
    layers: 'encoder.layer',
    modules: {
      ...bertLayer,
      query: 'attention.attn.q',
      key: 'attention.attn.k',
      value: 'attention.attn.v',
      attentionOutput: 'attention.attn.o',
      attentionNorm: 'attention.LayerNorm',
    },
  },
};

/** The tables and the norm before the first layer, and MPNet's biases of distances. */
export const embeddingNames = {
  words: 'embeddings.word_embeddings.weight',
  positions: 'embeddings.position_embeddings.weight',
  types: 'embeddings.token_type_embeddings.weight',
  norm: 'embeddings.LayerNorm',
  relativeBias: 'encoder.relative_attention_bias.weight',
} as const;

/** What Hugging Face calls the modules of layer `index` (from 0), without the model's prefix. */
export function layerModules({ family }: EncoderConfig, index: number): LayerModules {
  const { layers, modules } = families[family];
  return Object.fromEntries(
    Object.entries(modules).map(([role, name]) => [role, `${layers}.${index}.${name}`]),
  ) as unknown as LayerModules;
}

/** Each parameter that the graphs need, by its Hugging Face name without prefix; [out, in] for products. */
export function parameterShapes(config: EncoderConfig): Map<string, number[]> {
  const { hidden, intermediate } = config;
  const shapes = new Map<string, number[]>();
  const norm = (module: string): void => {
    shapes.set(`${module}.weight`, [hidden]).set(`${module}.bias`, [hidden]);
  };
  const linear = (module: string, out: number, into: number): void => {
    shapes.set(`${module}.weight`, [out, into]).set(`${module}.bias`, [out]);
  };
  shapes.set(embeddingNames.words, [config.vocabulary, hidden]);
  shapes.set(embeddingNames.positions, [config.maxPositions, hidden]);
  if (config.typeVocabulary > 0) shapes.set(embeddingNames.types, [config.typeVocabulary, hidden]);
  norm(embeddingNames.norm);
  for (let i = 0; i < config.layers; i++) {
    const names = layerModules(config, i);
    for (const module of [names.query, names.key, names.value, names.attentionOutput])
      linear(module, hidden, hidden);
    norm(names.attentionNorm);
    linear(names.intermediate, intermediate, hidden);
    linear(names.output, hidden, intermediate);
    norm(names.outputNorm);
  }
  if (config.relativeAttentionBuckets > 0)
    shapes.set(embeddingNames.relativeBias, [config.relativeAttentionBuckets, config.heads]);
  return shapes;
}

/** Which tensor of a file holds which parameter. */
export interface ParameterMatch {
  /** The name in the file for each parameter found, by its name without prefix. */
  found: Map<string, string>;
  missing: string[];
  /** Names in the file that belong to no encoder of this family and to no known head. */
  unknown: string[];
}

/** Parts that files of encoders also hold and our graphs do without: poolers, heads, constant ids. */
const ignored =
  /(^|\.)(pooler|cls|lm_head|classifier|pre_classifier|qa_outputs|vocab_(transform|layer_norm|projector))\.|\.(position_ids|token_type_ids)$/;

/** Files converted from TensorFlow call a norm's weight gamma and its bias beta. */
const currentName = (name: string): string =>
  name.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias');

/**
 * Finds the parameters among a file's names: all with the family's prefix (`bert.`, `roberta.`, …,
 * as a model with a head saves them) or all without.
 */
export function matchParameters(config: EncoderConfig, names: Iterable<string>): ParameterMatch {
  const wanted = parameterShapes(config);
  const prefix = `${config.family}.`;
  const found = new Map<string, string>();
  const unknown: string[] = [];
  for (const name of names) {
    const bare = currentName(name.startsWith(prefix) ? name.slice(prefix.length) : name);
    if (wanted.has(bare) && !found.has(bare)) found.set(bare, name);
    else if (!ignored.test(name)) unknown.push(name);
  }
  return { found, missing: [...wanted.keys()].filter((name) => !found.has(name)), unknown };
}
