import { servingFeeds, type TokenBatch, tokenBatch } from '../ml/transformers/tokenBatch';

/** A classifier's graph, loaded. */
export interface TokenSession {
  /** Logits, [rows, labels] or [rows, length, labels]. Blocks its thread meanwhile. */
  run(batch: TokenBatch): Promise<Float32Array>;
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
    async run(batch) {
      const dims = [batch.rows, batch.length];
      const feeds = Object.entries(servingFeeds(batch)).map(
        ([name, values]) => [name, new Tensor('int64', values, dims)] as const,
      );
      const { logits } = await session.run(Object.fromEntries(feeds), ['logits']);
      return logits!.data as Float32Array;
    },
    close: () => session.release(),
  };
}

export interface TokenScorerOptions {
  padTokenId: number;
  /**
   * Rows are run one by one at their own length. Activations of a quantized graph are rounded by the
   * range of the whole batch: together, a text's scores would depend on its neighbours.
   */
  alone: boolean;
}

/** Tokens, padding included, of one run: some 100 ms of work. */
const tokensAtOnce = 512;

/**
 * Gives the logits of each row of token ids to `each`, of its padding too where tokens have their own. Rows of about a length are run together, padded to
 * the longest of them: padding costs as much as tokens, and one session takes any length.
 */
export async function runTokens(
  session: TokenSession,
  rows: readonly Int32Array[],
  { padTokenId, alone }: TokenScorerOptions,
  each: (row: number, logits: Float32Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.length - rows[b]!.length);
  while (order.length > 0) {
    signal?.throwIfAborted();
    const { length } = rows[order.at(-1)!]!;
    const size = alone ? 1 : Math.max(1, Math.floor(tokensAtOnce / length));
    const batch = order.splice(-size);
    const texts = batch.map((row) => rows[row]!);
    const logits = await session.run(tokenBatch(texts, length, { padTokenId }));
    const own = logits.length / batch.length;
    batch.forEach((row, i) => each(row, logits.subarray(i * own, (i + 1) * own)));
  }
}
