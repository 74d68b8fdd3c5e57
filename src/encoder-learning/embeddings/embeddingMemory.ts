import { bucketLengths } from '../../ml/nn/training/lengthBuckets';
import { forwardRunBytes } from '../../ml/nn/training/memoryEstimate';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { parameterLayout } from '../../ml/transformers/parameterLayout';
import { processBytes, requireMemory } from '../memory';

/** Tokens, padding included, that go through the encoder at once: some 100 ms of work. */
export const tokensAtOnce = 512;

/**
 * Peak memory of computing embeddings, in bytes: 5 to 25 % above what was measured of MiniLM with 64 to
 * 2048 tokens and of BERT base.
 *
 * Of all weights: as read, in the graph's bytes, and what ONNX Runtime reads of these, twice. It turns
 * those of products over, and packs them.
 */
export function embeddingBytes(config: EncoderConfig, length: number): number {
  const { length: dense, tables } = parameterLayout(config, 0);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const weights = 16 * (dense + rows * config.hidden) + 8 * dense;
  const runs = bucketLengths(length).map((padded) =>
    forwardRunBytes({
      ...config,
      rows: Math.max(1, Math.floor(tokensAtOnce / padded)),
      length: padded,
    }),
  );
  return processBytes(config) + weights + Math.max(...runs);
}

/**
 * Refuses to compute embeddings where memory is short, before it starts.
 *
 * @param length most tokens of a text at once
 * @throws TrainyardError `limit`, naming the length that would do where there is one
 */
export function requireEmbeddingMemory(
  config: EncoderConfig,
  length: number,
  memoryMb: number,
): void {
  const fitting = bucketLengths(length).findLast(
    (shorter) => shorter < length && embeddingBytes(config, shorter) <= memoryMb * 2 ** 20,
  );
  const advice =
    fitting === undefined
      ? 'choose a smaller encoder'
      : `set model_options.max_length to ${fitting} (it is ${length} now)`;
  const what = `computing embeddings of up to ${length} tokens with this encoder`;
  requireMemory(what, embeddingBytes(config, length), memoryMb, advice);
}
