import { z } from 'zod';
import { readBundleFile } from '../../../bundle/bundleFile';
import { damagedBundle } from '../../../bundle/damagedBundle';
import { TrainyardError } from '../../../errors';
import { encoderFamilies } from '../../../ml/transformers/encoderConfig';
import { attributes } from '../../../tagging/features/featureSpec';
import { baseWithEncoder } from '../../../encoder-learning/encoderChoice';
import { modelTypeVersion } from '../versions';

/** Raised when the files of a bundle, or what they mean, change. */
export const bundleSchema = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ sha256, bytes: z.int().nonnegative() });
const ints = z.array(z.int());

/**
 * How a text gets its tags, so that any runtime can repeat it:
 *
 * 1. Cut the text into tokens (`tokens`, see src/tagging/tokens.ts).
 * 2. `crf`: find the features of each token (`features`, see src/tagging/features), and the row of each in
 *    `features.bin`. `encoder`: find the encoder's own tokens of each (`tokenizer.json`), and join them to
 *    windows of at most `max_length` (src/encoder-learning/wordReader.ts).
 * 3. Run `model.onnx`: a score for each token and label. Of the encoder's tokens the first of a word counts.
 * 4. Take the sequence of labels with the highest sum of scores and of `decoding.transitions` between
 *    neighbours; null may not stand beside each other, and only `decoding.first` begin (Viterbi).
 * 5. `B-PER` begins a span of the tag PER, `I-PER` goes on with it, `O` is outside.
 * 6. Add what the rules of `rule_tags` find (docs/training-token.md).
 */
const commonShape = z.object({
  schema: z.literal(bundleSchema),
  model_type: z.object({ name: z.literal('nlp-token'), version: z.int() }),
  /** Learned; `labels` are made of them. */
  tags: z.array(z.string()),
  /** Found by rules. */
  rule_tags: z.array(z.string()),
  /** All that may be answered, in the order of the request. */
  target_labels: z.array(z.string()),
  default_tag: z.string(),
  tokens: z.enum(['whitespace', 'words']),
  /** In the order of the graph's output. */
  labels: z.array(z.string()).min(1),
  decoding: z.object({
    algorithm: z.literal('viterbi'),
    /** From the label of the row to that of the column; null: not allowed. */
    transitions: z.array(z.array(z.number().nullable())),
    /** Labels that the first token may have. */
    first: z.array(z.string()),
  }),
  onnx_opset: z.int(),
  seed: z.int(),
  /** sha256 of the row sequence that was trained on. */
  data_hash: sha256,
  code_version: z.string(),
  /** The version of the training step, as the step cache counts it. */
  train_version: z.int(),
});

/** Texts with what they must give; a reader that finds something else must not use the model. */
const testVectors = <Shape extends z.ZodRawShape>(more: Shape) =>
  z.array(z.object({ text: z.string(), starts: ints, ends: ints, labels: ints, ...more }));

/** A conditional random field on features of words. */
const crfShape = commonShape.extend({
  kind: z.literal('crf'),
  features: z.object({
    version: z.literal(1),
    templates: z.array(z.array(z.tuple([z.enum(attributes), z.int()])).min(1)).min(1),
  }),
  test_vectors: testVectors({ features: z.array(ints) }),
  /** Feature rows: `features.bin` is their hashes, uint32 little-endian, ascending. */
  rows: z.int().nonnegative(),
  /** `rehearsal.bin` is what training goes on from; a model answers without it. */
  files: z.object({
    'features.bin': file,
    'model.onnx': file,
    'rehearsal.bin': file.optional(),
  }),
});

/** An encoder with a head on the states of its tokens: `input_ids`, `attention_mask` → `logits` [N, L, labels]. */
const encoderShape = commonShape.extend({
  kind: z.literal('encoder'),
  encoder: z.object({
    name: z.string(),
    /** sha256 over its files. */
    hash: sha256,
    family: z.enum(encoderFamilies),
    /** `frozen`: its weights are as they came; `full`: they were trained too. */
    training: z.enum(['frozen', 'full']),
    /** Numbers of a token's state. */
    hidden: z.int().positive(),
    /** Numbers in its weights, without the head's. */
    parameters: z.int().positive(),
    /** The token that fills a batch. */
    pad_token_id: z.int().nonnegative(),
  }),
  /** The most tokens of a window, special ones counted. */
  max_length: z.int().positive(),
  /** By window: token ids, and the places of words in them. By word: the probability of its label, alone. */
  test_vectors: testVectors({
    ids: z.array(ints),
    places: z.array(ints),
    probabilities: z.array(z.number()),
  }),
  /** How far such a probability may be off: other processors round otherwise. */
  tolerance: z.number().positive(),
  /** How the graph stores its weights. */
  precision: z.enum(['float32', 'float16']),
  files: z.strictObject({ 'model.onnx': file, 'tokenizer.json': file }),
});

const manifestShape = z.discriminatedUnion('kind', [crfShape, encoderShape]);

export type CrfManifest = z.infer<typeof crfShape>;
export type EncoderManifest = z.infer<typeof encoderShape>;

/** What a bundle says about itself. It holds no time, date or machine: the same training gives the same bytes. */
export type TokenManifest = z.infer<typeof manifestShape>;

/** Reads the manifest in the folder `dir`; refuses other versions with the reason. */
export function readManifest(dir: string): TokenManifest {
  let json: unknown;
  try {
    json = JSON.parse(readBundleFile(dir, 'manifest.json').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw damagedBundle('manifest.json is not JSON');
    throw error;
  }
  const { schema, model_type } = (json ?? {}) as Partial<TokenManifest>;
  refuseVersion('bundle format', schema, bundleSchema);
  refuseVersion(`model type ${String(model_type?.name)}`, model_type?.version, modelTypeVersion);
  const parsed = manifestShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damagedBundle(`manifest.json, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/**
 * Of a base model.
 * @throws TrainyardError `config` where nothing can be trained on from it
 */
export function requireCrf(manifest: TokenManifest): CrfManifest {
  if (manifest.kind === 'crf') return manifest;
  throw baseWithEncoder();
}

function refuseVersion(what: string, found: unknown, known: number): void {
  if (found === known) return;
  throw new TrainyardError(
    'config',
    'bundle_version',
    `the model was written by another version: ${what} ${String(found)}, known here: ${known}. Use the version that made it, or train the model again`,
  );
}
