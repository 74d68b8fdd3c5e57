import { damagedBundle } from '../../../bundle/damagedBundle';
import { z } from 'zod';
import { TrainyardError } from '../../../errors';
import { decisionThreshold } from '../../../ml/metrics/multilabel';
import { type EncoderManifest, encoderManifestShape } from '../encoder/encoderManifest';
import { modelTypeVersion } from '../versions';

/** Raised when the files of a bundle, or what they mean, change. */
export const bundleSchema = 1;

/** The files beside `manifest.json`; no name in a manifest is ever used as a path. */
export const bundleFiles = ['features.bin', 'model.onnx'] as const;
export type BundleFile = (typeof bundleFiles)[number];
/** Rows and numbers for trainings that start from this model; see rehearsal.ts. */
export const rehearsalFile = 'rehearsal.bin';

const ints = z.array(z.int());
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.strictObject({ sha256, bytes: z.int().nonnegative() });

const manifestShape = z.object({
  schema: z.literal(bundleSchema),
  model_type: z.object({ name: z.enum(['nlp-text', 'nlp-doc']), version: z.int() }),
  /** How scores are made from the sums of weights; `sigmoid`: each label by itself. */
  head: z.enum(['softmax', 'sigmoid']),
  /** In the order of the graph's output. */
  labels: z.array(z.string()).min(1),
  /** The most labels that models trained on from this one may know; null: no bound was asked for. */
  n_target_classes: z.int().positive().nullable(),
  /** How a text becomes features (`src/ml/text`). */
  featurizer: z.object({
    version: z.literal(1),
    maxCharacters: z.int().positive(),
    families: z.array(
      z.object({
        unit: z.enum(['word', 'char']),
        min: z.int().positive(),
        max: z.int().positive(),
        bits: z.int().min(1).max(31),
      }),
    ),
  }),
  /** Texts with the features that they must give; a reader that finds others must not use the model. */
  test_vectors: z.array(
    z.object({
      text: z.string(),
      buckets: ints,
      counts: ints,
      rows: ints,
      values: z.array(z.number()),
    }),
  ),
  /** Feature rows: `features.bin` is their buckets (uint32) and then their scales (float32), little-endian. */
  rows: z.int().nonnegative(),
  /** Sigmoid: from which probability on each label counts as predicted. */
  thresholds: z.array(z.number()).optional(),
  /** How the graph stores its weights. */
  precision: z.enum(['float32', 'float16']),
  onnx_opset: z.int(),
  seed: z.int(),
  /** sha256 of the row sequence that was trained on. */
  data_hash: sha256,
  code_version: z.string(),
  /** The version of the training step, as the step cache counts it. */
  train_version: z.int(),
  /** `rehearsal.bin` is what training goes on from; a model answers without it. */
  files: z.object({
    'features.bin': file,
    'model.onnx': file,
    'rehearsal.bin': file.optional(),
  }),
});

/** What a bundle says about itself. It holds no time, date or machine: the same training gives the same bytes. */
export type BundleManifest = z.infer<typeof manifestShape>;

/** The manifest of any model: one of n-grams says nothing of a kind. */
export type AnyManifest = (BundleManifest & { kind?: undefined }) | EncoderManifest;

/** Many labels a text: from which probability on each counts as predicted. One label a text: null. */
export function thresholdsOf(manifest: AnyManifest): readonly number[] | null {
  const { head, labels, thresholds } = manifest;
  if (head === 'softmax') return null;
  return thresholds ?? labels.map(() => decisionThreshold);
}

/** Reads a manifest; refuses other versions with the reason. */
export function parseManifest(text: string): AnyManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damagedBundle('manifest.json is not JSON');
  }
  const { schema, model_type, kind } = (json ?? {}) as Partial<AnyManifest>;
  refuseVersion('bundle format', schema, bundleSchema);
  refuseVersion(`model type ${String(model_type?.name)}`, model_type?.version, modelTypeVersion);
  const shape = kind === undefined ? manifestShape : encoderManifestShape;
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damagedBundle(`manifest.json, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function refuseVersion(what: string, found: unknown, known: number): void {
  if (found === known) return;
  throw new TrainyardError(
    'config',
    'bundle_version',
    `the model was written by another version: ${what} ${String(found)}, known here: ${known}. Use the version that made it, or train the model again`,
  );
}
