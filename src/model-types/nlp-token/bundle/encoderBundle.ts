import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeFile, readCheckedFile } from '../../../bundle/bundleFile';
import { modelBudget } from '../../../bundle/bundleSize';
import { damagedBundle } from '../../../bundle/damagedBundle';
import type { EncoderChoice } from '../../../encoder-learning/encoderChoice';
import { weightBytes } from '../../../encoder-learning/memory';
import { graphBytes, requireModelFile } from '../../../encoder-learning/modelFile';
import { withHalfWeights } from '../../../encoder-learning/quantization/packedGraph';
import { TrainyardError } from '../../../errors';
import { refusalOf } from '../../../ml/onnx/decode';
import { encodeGraph, opset } from '../../../ml/onnx/graph';
import type { EncoderConfig } from '../../../ml/transformers/encoderConfig';
import { headNames } from '../../../ml/transformers/parameterLayout';
import { tokenClassifierGraph } from '../../../ml/transformers/servingGraph';
import { labelCount, legalTransitions } from '../../../tagging/tagLabels';
import { type Tokens, type TokenUnit } from '../../../tagging/tokens';
import { codeVersion } from '../../../version';
import { type EncoderFiles, EncoderTagger } from '../predict/encoderTagger';
import { modelTypeVersion, stepVersions } from '../versions';
import type { BundleInfo } from './bundle';
import { labelNames } from './crfModel';
import { decodingOf } from './decoding';
import { makeEncoderVectors, probabilityOf } from './encoderVectors';
import { bundleSchema, type EncoderManifest } from './manifest';

/** All that goes into a bundle with an encoder. */
export interface EncoderParts {
  config: EncoderConfig;
  /** The encoder's parameters and those of the head, by name. */
  weights: ReadonlyMap<string, Float32Array>;
  tags: readonly string[];
  unit: TokenUnit;
  choice: EncoderChoice;
  /** The encoder's `tokenizer.json`. */
  tokenizerFile: Uint8Array;
  info: BundleInfo;
  /** What the trainer computed for some texts, to hold the graph against. */
  computed: readonly ComputedText[];
}

export interface ComputedText {
  text: string;
  tokens: Tokens;
  /** words × labels. */
  scores: Float32Array;
}

/** How far a probability may lie from what the manifest states: other processors round otherwise. */
const tolerance = 1e-3;
/** How far the graph's probabilities may lie from the trainer's. */
const exportTolerances = { float32: 1e-3, float16: 0.02 };

/** Writes a bundle into the folder `dir`. The same arguments give the same bytes. */
export async function writeEncoderBundle(dir: string, parts: EncoderParts): Promise<void> {
  const { config, weights, tags, choice, tokenizerFile, info } = parts;
  const full = tokenClassifierGraph(config, weights);
  const precision = graphBytes(full) <= modelBudget ? 'float32' : 'float16';
  const graph = precision === 'float32' ? full : withHalfWeights(full);
  requireModelFile(graphBytes(graph), 'a model from this encoder');
  const onnx = encodeGraph(graph);
  const labels = labelNames(tags);
  const transitions = {
    ...legalTransitions(tags.length),
    scores: new Float64Array(labels.length ** 2),
  };
  const head = weights.get(headNames.weight)!.length + weights.get(headNames.bias)!.length;
  const manifest: EncoderManifest = {
    schema: bundleSchema,
    model_type: { name: 'nlp-token', version: modelTypeVersion },
    kind: 'encoder',
    tags: [...tags],
    rule_tags: [...info.ruleTags],
    target_labels: [...info.targetLabels],
    default_tag: info.defaultTag,
    tokens: parts.unit,
    encoder: {
      name: choice.name,
      hash: choice.hash,
      family: config.family,
      training: choice.training,
      hidden: config.hidden,
      parameters: weightBytes(weights) / 4 - head,
      pad_token_id: config.padTokenId,
    },
    max_length: choice.max_length,
    labels,
    decoding: decodingOf(labels, transitions),
    test_vectors: [],
    tolerance,
    precision,
    onnx_opset: opset,
    seed: info.seed,
    data_hash: info.dataHash,
    code_version: codeVersion(),
    train_version: stepVersions.train,
    files: { 'model.onnx': describeFile(onnx), 'tokenizer.json': describeFile(tokenizerFile) },
  };
  const tagger = await EncoderTagger.open(manifest, { onnx, tokenizerFile }, 1);
  try {
    await checkExport(tagger, manifest, parts.computed);
    manifest.test_vectors = await makeEncoderVectors(tagger, manifest);
  } finally {
    await tagger.close();
  }
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'model.onnx'), onnx);
  writeFileSync(join(dir, 'tokenizer.json'), tokenizerFile);
  writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

async function checkExport(
  tagger: EncoderTagger,
  { tags, precision }: EncoderManifest,
  computed: readonly ComputedText[],
): Promise<void> {
  const labels = labelCount(tags.length);
  const allowed = exportTolerances[precision];
  let worst = 0;
  for (const { text, tokens, scores } of computed) {
    const found = await tagger.emissions(text, tokens);
    for (let word = 0; word < tokens.starts.length; word++) {
      for (let label = 0; label < labels; label++) {
        const [wanted, got] = [scores, found].map((of) => probabilityOf(of, word, label, labels));
        // Math.max keeps a NaN, which then fails the comparison below.
        worst = Math.max(worst, Math.abs(wanted! - got!));
      }
    }
  }
  if (worst <= allowed) return;
  throw new TrainyardError(
    'bug',
    'export_differs',
    `the exported model's probabilities differ from the trainer's by ${worst.toExponential(1)}, allowed are ${allowed}`,
    500,
  );
}

/** Reads the files of a bundle. Throws `bundle_damaged` when one is not what the manifest says. */
export function readEncoderFiles(dir: string, { files }: EncoderManifest): EncoderFiles {
  const onnx = readCheckedFile(dir, 'model.onnx', files['model.onnx']);
  const refusal = refusalOf(onnx);
  if (refusal !== undefined) throw damagedBundle(`model.onnx cannot be loaded: ${refusal}`);
  return { onnx, tokenizerFile: readCheckedFile(dir, 'tokenizer.json', files['tokenizer.json']) };
}
