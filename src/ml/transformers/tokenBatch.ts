import { firstPosition, type EncoderConfig } from './encoderConfig';

/** Texts as tokens, padded on the right to one length. */
export interface TokenBatch {
  rows: number;
  length: number;
  /** Token numbers, rows × length. */
  ids: Int32Array;
  /** Tokens of each row before its padding. */
  counts: Int32Array;
}

/** Pads texts' tokens to `length`. A text with more is an error: cutting is for the caller to decide. */
export function tokenBatch(
  texts: readonly ArrayLike<number>[],
  length: number,
  { padTokenId }: Pick<EncoderConfig, 'padTokenId'>,
): TokenBatch {
  const ids = new Int32Array(texts.length * length).fill(padTokenId);
  texts.forEach((tokens, row) => {
    if (tokens.length > length || tokens.length === 0)
      throw new RangeError(`text ${row} has ${tokens.length} tokens; 1 to ${length} are allowed`);
    ids.set(tokens, row * length);
  });
  const counts = Int32Array.from(texts, ({ length: count }) => count);
  return { rows: texts.length, length, ids, counts };
}

/** 1 for tokens, 0 for padding. */
export function maskOf({ rows, length, counts }: TokenBatch): Float32Array {
  const mask = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++) mask.fill(1, row * length, row * length + counts[row]!);
  return mask;
}

/** The row of the position table for each token; padding takes the padding token's where there is one. */
export function positionRows(config: EncoderConfig, { rows, length, ids }: TokenBatch): Int32Array {
  const first = firstPosition(config);
  const positions = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    let next = first;
    for (let i = row * length; i < (row + 1) * length; i++) {
      const skipped = first > 0 && ids[i] === config.padTokenId;
      positions[i] = skipped ? config.padTokenId : next++;
    }
  }
  return positions;
}

/** The inputs of a graph that serves. */
export function servingFeeds(batch: TokenBatch): Record<string, BigInt64Array> {
  return {
    input_ids: BigInt64Array.from(batch.ids, BigInt),
    attention_mask: BigInt64Array.from(maskOf(batch), BigInt),
  };
}
