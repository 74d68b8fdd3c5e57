import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFile, readCheckedFile } from '../../../bundle/bundleFile';
import { damagedBundle } from '../../../bundle/damagedBundle';
import { exportEmissions, importEmissions } from '../../../ml/onnx/emissions';
import { bytesOf, opset } from '../../../ml/onnx/graph';
import { labelCount } from '../../../tagging/tagLabels';
import { codeVersion } from '../../../version';
import { modelTypeVersion, stepVersions } from '../versions';
import { decodingOf } from './decoding';
import { type CrfModel, labelNames, transitionsOf } from './crfModel';
import { bundleSchema, type CrfManifest } from './manifest';
import { checkExport, makeTestVectors } from './testVectors';

/** What a bundle records beside the model itself. */
export interface BundleInfo {
  targetLabels: readonly string[];
  ruleTags: readonly string[];
  defaultTag: string;
  seed: number;
  /** `rowHash` of the dataset that was trained on. */
  dataHash: string;
}

/** Trainings that start from a model need this file of its bundle; see rehearsal.ts. */
export const rehearsalFile = 'rehearsal.bin';

/**
 * Writes a model into the folder `dir` as `manifest.json`, `features.bin` and `model.onnx`, and holds
 * the graph against the model: both must give the same tags. The same arguments give the same bytes.
 */
export async function writeBundle(
  dir: string,
  model: CrfModel,
  info: BundleInfo,
  rehearsal: Uint8Array,
): Promise<void> {
  const labels = labelCount(model.tags.length);
  const files = {
    'features.bin': bytesOf(model.known),
    'model.onnx': exportEmissions({ labels, weights: model.weights, bias: model.bias }),
    [rehearsalFile]: rehearsal,
  } as const;
  const vectors = makeTestVectors(model);
  await checkExport(files['model.onnx'], model, vectors);
  const manifest: CrfManifest = {
    schema: bundleSchema,
    model_type: { name: 'nlp-token', version: modelTypeVersion },
    kind: 'crf',
    tags: [...model.tags],
    rule_tags: [...info.ruleTags],
    target_labels: [...info.targetLabels],
    default_tag: info.defaultTag,
    tokens: model.unit,
    features: {
      version: 1,
      templates: model.features.templates.map((parts) => parts.map(([a, d]) => [a, d])),
    },
    labels: labelNames(model.tags),
    decoding: decodingOf(labelNames(model.tags), transitionsOf(model)),
    test_vectors: vectors,
    rows: model.known.length,
    onnx_opset: opset,
    seed: info.seed,
    data_hash: info.dataHash,
    code_version: codeVersion(),
    train_version: stepVersions.train,
    files: {
      'features.bin': describeFile(files['features.bin']),
      'model.onnx': describeFile(files['model.onnx']),
      [rehearsalFile]: describeFile(rehearsal),
    },
  };
  mkdirSync(dir, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(dir, name), bytes);
  writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** Reads the model of a bundle. Throws `bundle_damaged` when one is not what the manifest says. */
export function readModel(dir: string, manifest: CrfManifest): CrfModel {
  const onnx = readCheckedFile(dir, 'model.onnx', manifest.files['model.onnx']);
  const bytes = readCheckedFile(dir, 'features.bin', manifest.files['features.bin']);
  const known = new Uint32Array(new Uint8Array(bytes).buffer);
  const { weights, bias, labels } = importEmissions(onnx);
  const { tags } = manifest;
  const fits = labels === labelCount(tags.length) && weights.length === known.length * labels;
  if (!fits || known.length !== manifest.rows) {
    throw damagedBundle('model.onnx has not the rows and labels that its manifest states');
  }
  const transitions = Float64Array.from(
    manifest.decoding.transitions.flat(),
    (score) => score ?? 0,
  );
  if (transitions.length !== labels ** 2) throw damagedBundle('transitions are missing');
  const { tokens: unit, features } = manifest;
  return { tags, unit, features, known, weights, bias, transitions };
}

/** What a training that starts from the bundle in `dir` needs beside the model. */
export function readRehearsalFile(dir: string, manifest: CrfManifest): Buffer | undefined {
  const stated = manifest.files[rehearsalFile];
  return stated && readCheckedFile(dir, rehearsalFile, stated);
}
