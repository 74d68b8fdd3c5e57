import { TrainyardError } from '../errors';
import type { EncoderConfig } from '../ml/transformers/encoderConfig';

/**
 * Refuses work that needs more memory than there is, before it starts.
 *
 * @param what said of it: `embedding texts with MiniLM`
 * @param bytes an estimate of the peak
 * @param advice what would fit, as a sentence
 * @throws TrainyardError `limit`
 */
export function requireMemory(what: string, bytes: number, memoryMb: number, advice = ''): void {
  const needed = Math.ceil(bytes / 2 ** 20);
  if (needed <= memoryMb) return;
  throw new TrainyardError(
    'limit',
    'not_enough_memory',
    `${what} takes about ${needed} MB of memory and job_options.allocation_memory is ${memoryMb}. ` +
      `Set it to ${needed} or more${advice === '' ? '' : `, or: ${advice}`}.`,
  );
}

/** Bytes of a model's parameters at four each. */
export function weightBytes(weights: ReadonlyMap<string, Float32Array>): number {
  let bytes = 0;
  for (const values of weights.values()) bytes += values.byteLength;
  return bytes;
}

/**
 * Node with ONNX Runtime and the tokenizer, before there is a model. Of tokenizers, SentencePiece's take
 * the most: 1 KB a token.
 */
export function processBytes({ vocabulary }: Pick<EncoderConfig, 'vocabulary'>): number {
  return 110e6 + 1000 * vocabulary;
}
