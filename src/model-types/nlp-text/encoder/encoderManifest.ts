import { z } from 'zod';
import { encoderFamilies } from '../../../ml/transformers/encoderConfig';

/** The files beside `manifest.json`. */
export const encoderBundleFiles = ['model.onnx', 'tokenizer.json'] as const;
export type EncoderBundleFile = (typeof encoderBundleFiles)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ sha256, bytes: z.int().nonnegative() });

/**
 * What the bundle of a model with an encoder says about itself. `model.onnx` goes from token ids to
 * probabilities; its inputs and outputs are those of `classifierGraph`. It holds no time, date or
 * machine: the same training gives the same bytes.
 */
export const encoderManifestShape = z.object({
  schema: z.literal(1),
  kind: z.literal('encoder'),
  model_type: z.object({ name: z.enum(['nlp-text', 'nlp-doc']), version: z.int() }),
  head: z.enum(['softmax', 'sigmoid']),
  /** In the order of the graph's outputs. */
  labels: z.array(z.string()).min(1),
  n_target_classes: z.int().positive().nullable(),
  encoder: z.object({
    name: z.string(),
    /** sha256 over its files. */
    hash: z.string(),
    family: z.enum(encoderFamilies),
    pooling: z.enum(['mean', 'cls']),
    /** Whether embeddings are brought to length 1 before the head. */
    normalize: z.boolean(),
    /** `frozen`: its weights are as they came; `full`: they were trained too. */
    training: z.enum(['frozen', 'full']),
    /** Numbers of an embedding. */
    hidden: z.int().positive(),
    /** Numbers in its weights, without the head's. */
    parameters: z.int().positive(),
    /** The token that fills a batch. */
    pad_token_id: z.int().nonnegative(),
  }),
  /** The most tokens of a window, special ones counted. */
  max_length: z.int().positive(),
  /** `window`: a text's logits are the mean of its windows', weighted by their tokens; see `windowsOf`. */
  long_texts: z.enum(['window', 'truncate']),
  most_windows: z.int().positive(),
  /** Sigmoid: from which probability on each label counts as predicted. */
  thresholds: z.array(z.number()).nullable(),
  /** Texts with the token ids that they must give, and the probabilities to within `tolerance`. */
  test_vectors: z.array(
    z.object({ text: z.string(), ids: z.array(z.int()), probabilities: z.array(z.number()) }),
  ),
  tolerance: z.number().positive(),
  /** How the graph stores its weights. int8: those of its products. */
  precision: z.enum(['float32', 'float16', 'int8']),
  onnx_opset: z.int(),
  seed: z.int(),
  /** sha256 of the row sequence that was trained on. */
  data_hash: sha256,
  code_version: z.string(),
  train_version: z.int(),
  files: z.strictObject({ 'model.onnx': file, 'tokenizer.json': file }),
});

export type EncoderManifest = z.infer<typeof encoderManifestShape>;
