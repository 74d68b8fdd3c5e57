import { bucketLengths, bucketOf } from '../../../ml/nn/training/lengthBuckets';

/** A classifier's graph, loaded. */
export interface TokenSession {
  /** Logits [rows, labels] of token ids [rows, length] and their mask. Blocks its thread meanwhile. */
  run(ids: BigInt64Array, mask: BigInt64Array, rows: number, length: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads a classifier's graph. Threads that wait do not spin: the machine is shared.
 *
 * @param threads scores depend on it in their last bits at most
 */
export async function openTokenSession(onnx: Uint8Array, threads: number): Promise<TokenSession> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  return {
    async run(ids, mask, rows, length) {
      const feeds = {
        input_ids: new Tensor('int64', ids, [rows, length]),
        attention_mask: new Tensor('int64', mask, [rows, length]),
      };
      const { logits } = await session.run(feeds, ['logits']);
      return logits!.data as Float32Array;
    },
    close: () => session.release(),
  };
}

export interface TokenScorerOptions {
  labels: number;
  padTokenId: number;
  maxLength: number;
  /**
   * Rows are run one by one at their own length. Activations of a quantized graph are rounded by the
   * range of the whole batch: together, a text's scores would depend on its neighbours.
   */
  alone: boolean;
}

/** Tokens, padding included, of one run: some 100 ms of work. */
const tokensAtOnce = 512;

/** Gives the logits of each row of token ids to `each`; rows of about a length are run together. */
export async function runTokens(
  session: TokenSession,
  rows: readonly Int32Array[],
  { labels, padTokenId, maxLength, alone }: TokenScorerOptions,
  each: (row: number, logits: Float32Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const lengths = bucketLengths(maxLength);
  const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.length - rows[b]!.length);
  while (order.length > 0) {
    signal?.throwIfAborted();
    const longest = rows[order.at(-1)!]!.length;
    const length = alone ? longest : lengths[bucketOf(longest, lengths)]!;
    const size = alone ? 1 : Math.max(1, Math.floor(tokensAtOnce / length));
    const batch = order.splice(-size);
    const ids = new BigInt64Array(batch.length * length).fill(BigInt(padTokenId));
    const mask = new BigInt64Array(batch.length * length);
    batch.forEach((row, i) => {
      rows[row]!.forEach((id, j) => (ids[i * length + j] = BigInt(id)));
      mask.fill(1n, i * length, i * length + rows[row]!.length);
    });
    const logits = await session.run(ids, mask, batch.length, length);
    batch.forEach((row, i) => each(row, logits.subarray(i * labels, (i + 1) * labels)));
  }
}

/** Means of windows' logits by text, weighted by the windows' tokens. */
export class TextLogits {
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;

  constructor(
    texts: number,
    private readonly labels: number,
  ) {
    this.sums = new Float64Array(texts * labels);
    this.weights = new Float64Array(texts);
  }

  add(text: number, tokens: number, logits: Float32Array): void {
    const at = text * this.labels;
    for (let c = 0; c < this.labels; c++) this.sums[at + c]! += tokens * logits[c]!;
    this.weights[text]! += tokens;
  }

  of(text: number): Float64Array {
    const at = text * this.labels;
    return this.sums.slice(at, at + this.labels).map((sum) => sum / this.weights[text]!);
  }
}
