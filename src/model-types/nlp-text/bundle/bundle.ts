import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainyardError } from '../../../errors';
import type { LinearModel } from '../../../ml/linear/linearModel';
import { opset } from '../../../ml/onnx/graph';
import { exportLinear, importLinear } from '../../../ml/onnx/linear';
import type { FeaturizerSpec } from '../../../ml/text/featurizerSpec';
import { codeVersion } from '../../../version';
import { checkExport } from './bundleCheck';
import { decodeFeatureRows, encodeFeatureRows, type FeatureRows } from './bundleFeatures';
import { describeFile, readBundleFile, readCheckedFile } from '../../../bundle/bundleFile';
import {
  type AnyManifest,
  bundleFiles,
  type BundleFile,
  type BundleManifest,
  bundleSchema,
  parseManifest,
  rehearsalFile,
} from './bundleManifest';
import { damagedBundle } from '../../../bundle/damagedBundle';
import { choosePrecision } from '../../../bundle/bundleSize';
import type { FeatureSummary } from '../preprocess/features';
import type { NlpTextOptions } from '../options';
import { makeTestVectors } from './testVectors';
import { modelTypeVersion, stepVersions } from '../versions';

/** What a bundle records beside the model itself. */
export interface BundleInfo {
  modelType: 'nlp-text' | 'nlp-doc';
  /** The most labels that a model trained on from this one may know; null: no bound. */
  nTargetClasses: number | null;
  seed: number;
  /** `rowHash` of the dataset that was trained on. */
  dataHash: string;
}

/** What the bundles of a training record. */
export function bundleInfo(options: NlpTextOptions, summary: FeatureSummary): BundleInfo {
  return {
    modelType: options.doc_classification ? 'nlp-doc' : 'nlp-text',
    nTargetClasses: summary.nTargetClasses,
    seed: summary.seed,
    dataHash: summary.dataHash,
  };
}

/** A bundle in memory, its files checked against the manifest's hashes. */
export interface Bundle extends FeatureRows {
  manifest: BundleManifest;
  /** The ONNX graph, as it goes into a session. */
  onnx: Uint8Array;
}

/**
 * Writes a model into the folder `dir` as `manifest.json`, `features.bin` and `model.onnx`, and holds
 * the graph against the model: both must give the same probabilities. The same arguments give the
 * same bytes. Weights are packed to half precision when the file would pass the size budget; refuses
 * what cannot fit at all (`limit`).
 */
export async function writeBundle(
  dir: string,
  model: LinearModel,
  featurizer: FeaturizerSpec,
  info: BundleInfo,
  rehearsal?: Uint8Array,
): Promise<BundleManifest> {
  const precision = choosePrecision(model.buckets.length, model.labels.length);
  const files: Record<BundleFile, Uint8Array> = {
    'features.bin': encodeFeatureRows(model),
    'model.onnx': exportLinear(model, precision),
  };
  const testVectors = makeTestVectors(featurizer, model);
  await checkExport(files['model.onnx'], model, precision, testVectors);
  const manifest: BundleManifest = {
    schema: bundleSchema,
    model_type: { name: info.modelType, version: modelTypeVersion },
    head: model.head,
    labels: model.labels,
    n_target_classes: info.nTargetClasses,
    featurizer,
    test_vectors: testVectors,
    rows: model.buckets.length,
    ...(model.thresholds && { thresholds: [...model.thresholds] }),
    precision,
    onnx_opset: opset,
    seed: info.seed,
    data_hash: info.dataHash,
    code_version: codeVersion(),
    train_version: stepVersions.train,
    files: {
      'features.bin': describeFile(files['features.bin']),
      'model.onnx': describeFile(files['model.onnx']),
      ...(rehearsal && { [rehearsalFile]: describeFile(rehearsal) }),
    },
  };
  await mkdir(dir, { recursive: true });
  for (const name of bundleFiles) writeFileSync(join(dir, name), files[name]);
  if (rehearsal) writeFileSync(join(dir, rehearsalFile), rehearsal);
  writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

/**
 * Reads a bundle from the folder `dir`. Throws `bundle_version` when it was written by another
 * version, `bundle_damaged` when a file is not what the manifest says.
 */
export function readBundle(dir: string): Bundle {
  const manifest = ngramManifest(dir);
  const read = (name: BundleFile): Buffer => readCheckedFile(dir, name, manifest.files[name]);
  return {
    manifest,
    ...decodeFeatureRows(read('features.bin'), manifest.rows),
    onnx: read('model.onnx'),
  };
}

/** The linear model inside a bundle, to go on training from. Weights packed to half precision stay so rounded. */
export function linearModelOf({ manifest, buckets, scales, onnx }: Bundle): LinearModel {
  const { weights, bias } = importLinear(onnx);
  if (weights.length !== buckets.length * manifest.labels.length) {
    throw damagedBundle('model.onnx has not the rows and labels that its manifest states');
  }
  return { head: manifest.head, labels: manifest.labels, buckets, scales, weights, bias };
}

/** What a training that starts from the bundle in `dir` needs; undefined when it holds nothing of the kind. */
export function readRehearsalFile(dir: string): Buffer | undefined {
  const stated = ngramManifest(dir).files[rehearsalFile];
  return stated && readCheckedFile(dir, rehearsalFile, stated);
}

/** The manifest of a bundle of any kind. */
export function readManifest(dir: string): AnyManifest {
  return parseManifest(readBundleFile(dir, 'manifest.json').toString('utf8'));
}

/** Who asks wants a model to go on training from. */
function ngramManifest(dir: string): BundleManifest {
  const manifest = readManifest(dir);
  if (manifest.kind === undefined) return manifest;
  throw new TrainyardError(
    'config',
    'base_model_kind',
    `not available: training on from a model with an encoder ("${manifest.encoder.name}"). Leave base_model_id out and give model_options.encoder instead`,
  );
}
