import { TrainyardError } from '../errors';
import type { OnnxGraph } from '../ml/onnx/graph';
import type { EncoderConfig } from '../ml/transformers/encoderConfig';
import { parameterShapes } from '../ml/transformers/parameterNames';
import { modelBudget, protobufLimit } from '../bundle/bundleSize';
import { halvedBytes } from './quantization/packedGraph';

/** Names and dimensions of a tensor, and nodes: far above what they take. */
const perTensor = 128;
const perGraph = 1 << 16;

/** What a graph takes as a file, in bytes; never too low. */
export function graphBytes({ initializers }: OnnxGraph): number {
  return initializers.reduce((sum, { bytes }) => sum + bytes.byteLength + perTensor, perGraph);
}

/**
 * Refuses an encoder that no file of its graph could hold at full precision, as embeddings need it.
 *
 * @throws TrainyardError `limit`
 */
export function requireEmbeddingGraph(config: EncoderConfig): void {
  const bytes = parameterBytes(config, fullBytes);
  requireModelFile(bytes, 'the graph of this encoder, at full precision as embeddings need it,');
}

/**
 * Refuses an encoder that no model file could hold after a training, before it starts.
 *
 * @throws TrainyardError `limit`
 */
export function requireClassifierFile(config: EncoderConfig, labels: number): void {
  const { full, halved } = classifierBytes(config, labels);
  requireModelFile(full <= modelBudget ? full : halved, 'a model from this encoder');
}

/** What the file of a model from an encoder takes, in bytes: at full precision, and packed to half of it. */
export function classifierBytes(config: EncoderConfig, labels: number) {
  const head = 4 * labels * (config.hidden + 1);
  return {
    full: parameterBytes(config, fullBytes) + head,
    halved: parameterBytes(config, halvedBytes) + head,
  };
}

const fullBytes = (elements: number): number => 4 * elements;

function parameterBytes(config: EncoderConfig, bytesOf: (elements: number) => number): number {
  return [...parameterShapes(config).values()].reduce(
    (sum, shape) => sum + bytesOf(shape.reduce((a, b) => a * b, 1)) + perTensor,
    perGraph,
  );
}

/** @throws TrainyardError `limit` where `what` is larger than a model file can be */
export function requireModelFile(bytes: number, what: string): void {
  if (bytes <= protobufLimit) return;
  throw new TrainyardError(
    'limit',
    'model_too_large',
    `${what} takes ${(bytes / 1e9).toFixed(1)} GB, a model file can have 2.1 GB. Choose a smaller encoder`,
  );
}
