import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../../../errors';
import { encodeGraph, type OnnxGraph, opset } from '../../../ml/onnx/graph';
import {
  readTokenizer,
  type TextTokenizer,
} from '../../../ml/transformers/files/tokenizer/tokenizer';
import { codeVersion } from '../../../version';
import { probabilities } from '../../../ml/heads/probabilities';
import type { BundleInfo } from '../bundle/bundle';
import { describeFile, readCheckedFile } from '../../../bundle/bundleFile';
import { bundleSchema } from '../bundle/bundleManifest';
import { modelBudget } from '../../../bundle/bundleSize';
import { modelTypeVersion, stepVersions } from '../versions';
import { classifierGraph, type EncoderClassifier } from './classifierGraph';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import {
  type EncoderBundleFile,
  encoderBundleFiles,
  type EncoderManifest,
} from './encoderManifest';
import { weightBytes } from '../../../encoder-learning/memory';
import { graphBytes, requireModelFile } from '../../../encoder-learning/modelFile';
import { withHalfWeights } from '../../../encoder-learning/quantization/packedGraph';
import { probeTexts } from '../bundle/probeTexts';
import { quantized } from '../../../encoder-learning/quantization/quantizedGraph';
import { readText } from '../../../encoder-learning/readTexts';
import { mostWindows } from '../../../encoder-learning/textCounts';
import {
  openTokenSession,
  runTokens,
  type TokenSession,
} from '../../../encoder-learning/tokenScorer';
import { WindowMeans } from '../../../encoder-learning/windowMeans';

export type Precision = EncoderManifest['precision'];

/** How far a probability may lie from what the manifest states: other processors round otherwise. */
const tolerances: Record<Precision, number> = { float32: 1e-3, float16: 1e-3, int8: 0.05 };

/** All that goes into a bundle. */
export interface EncoderBundleParts extends EncoderClassifier {
  labels: readonly string[];
  choice: EncoderChoice;
  /** The encoder's `tokenizer.json`. */
  tokenizerFile: Uint8Array;
  /** Whether the products' weights become int8; see `tryQuantized`. */
  quantize: boolean;
  info: BundleInfo;
  /** What the trainer computed for some texts, to hold the graph against. */
  computed: ComputedTexts;
}

/** Texts, and their calibrated logits as the trainer has them, texts × labels. */
export interface ComputedTexts {
  texts: readonly string[];
  logits: Float32Array;
}

/** How far the graph's probabilities may lie from the trainer's. For int8 quality decides: see `tryQuantized`. */
const exportTolerances: Record<Precision, number> = { float32: 1e-3, float16: 0.02, int8: 1 };

/** The graph of a classifier as a file: int8 where asked for, else half precision over the size budget. */
export function packedClassifier(
  classifier: EncoderClassifier,
  quantize: boolean,
): { onnx: Uint8Array; precision: Precision } {
  const graph = classifierGraph(classifier);
  if (quantize) return encoded(withHalfWeights(quantized(graph)), 'int8');
  return graphBytes(graph) <= modelBudget
    ? encoded(graph, 'float32')
    : encoded(withHalfWeights(graph), 'float16');
}

function encoded(graph: OnnxGraph, precision: Precision) {
  requireModelFile(graphBytes(graph), 'a model from this encoder');
  return { onnx: encodeGraph(graph), precision };
}

/** Writes a bundle into the folder `dir`. The same arguments give the same bytes. */
export async function writeEncoderBundle(
  dir: string,
  parts: EncoderBundleParts,
): Promise<EncoderManifest> {
  const { config, choice, head, info } = parts;
  const { onnx, precision } = packedClassifier(parts, parts.quantize);
  const files: Record<EncoderBundleFile, Uint8Array> = {
    'model.onnx': onnx,
    'tokenizer.json': parts.tokenizerFile,
  };
  const manifest: EncoderManifest = {
    schema: bundleSchema,
    kind: 'encoder',
    model_type: { name: info.modelType, version: modelTypeVersion },
    head: head.kind,
    labels: [...parts.labels],
    n_target_classes: info.nTargetClasses,
    encoder: {
      name: choice.name,
      hash: choice.hash,
      family: config.family,
      pooling: config.pooling,
      normalize: parts.normalize,
      training: choice.training,
      hidden: config.hidden,
      parameters: weightBytes(parts.weights) / 4,
      pad_token_id: config.padTokenId,
    },
    max_length: choice.max_length,
    long_texts: choice.long_texts,
    most_windows: mostWindows,
    thresholds: head.thresholds ? [...head.thresholds] : null,
    test_vectors: [],
    tolerance: tolerances[precision],
    precision,
    onnx_opset: opset,
    seed: info.seed,
    data_hash: info.dataHash,
    code_version: codeVersion(),
    train_version: stepVersions.train,
    files: {
      'model.onnx': describeFile(onnx),
      'tokenizer.json': describeFile(parts.tokenizerFile),
    },
  };
  const session = await openTokenSession(onnx, 1);
  try {
    const tokenizer = readTokenizer(parts.tokenizerFile);
    const scoresOf = (text: string) => scoreText(manifest, session, tokenizer, text);
    await checkExport(manifest, parts.computed, scoresOf);
    for (const text of probeTexts) manifest.test_vectors.push(await scoresOf(text));
  } finally {
    await session.close();
  }
  mkdirSync(dir, { recursive: true });
  for (const name of encoderBundleFiles) writeFileSync(join(dir, name), files[name]);
  writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

type TestVector = EncoderManifest['test_vectors'][number];

async function scoreText(
  manifest: EncoderManifest,
  session: TokenSession,
  tokenizer: TextTokenizer,
  text: string,
): Promise<TestVector> {
  const { rows } = readText(tokenizer, text, manifest);
  const logits = new WindowMeans(1, manifest.labels.length);
  await runTokens(session, rows, scorerOptions(manifest), (row, own) =>
    logits.add(0, rows[row]!.length, own),
  );
  const found = Float32Array.from(probabilities(logits.of(0), manifest.head));
  return { text, ids: rows.flatMap((row) => [...row]), probabilities: [...found] };
}

async function checkExport(
  { head, labels, precision }: EncoderManifest,
  { texts, logits }: ComputedTexts,
  scoresOf: (text: string) => Promise<TestVector>,
): Promise<void> {
  const allowed = exportTolerances[precision];
  let worst = 0;
  for (const [i, text] of texts.entries()) {
    const { probabilities: found } = await scoresOf(text);
    const own = logits.subarray(i * labels.length, (i + 1) * labels.length);
    // Math.max keeps a NaN, which then fails the comparison below.
    probabilities(Float64Array.from(own), head).forEach((wanted, c) => {
      worst = Math.max(worst, Math.abs(wanted - found[c]!));
    });
  }
  if (worst <= allowed) return;
  throw new TrainyardError(
    'bug',
    'export_differs',
    `the exported model's probabilities differ from the trainer's by ${worst.toExponential(1)}, allowed are ${allowed}`,
    500,
  );
}

export function scorerOptions(manifest: EncoderManifest) {
  return {
    padTokenId: manifest.encoder.pad_token_id,
    alone: manifest.precision === 'int8',
  };
}

/** A bundle in memory, its files checked against the manifest's hashes. */
export interface EncoderBundle {
  manifest: EncoderManifest;
  onnx: Uint8Array;
  tokenizerFile: Uint8Array;
}

/** Reads a bundle's files. Throws `bundle_damaged` when one is not what the manifest says. */
export function readEncoderBundle(dir: string, manifest: EncoderManifest): EncoderBundle {
  const read = (name: EncoderBundleFile): Buffer =>
    readCheckedFile(dir, name, manifest.files[name]);
  return { manifest, onnx: read('model.onnx'), tokenizerFile: read('tokenizer.json') };
}
