import { type GraphSession, openGraph } from '../../../ml/onnx/graphSession';
import { bucketLengths, bucketOf } from '../../../ml/nn/training/lengthBuckets';
import type { EncoderConfig } from '../../../ml/transformers/encoderConfig';
import type { TextTokenizer } from '../../../ml/transformers/files/tokenizer';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizeTexts';
import { embeddingGraph } from '../../../ml/transformers/servingGraph';
import { servingFeeds, tokenBatch } from '../../../ml/transformers/tokenBatch';
import { processBytes, requireMemory, weightBytes } from './memory';
import { openEncoder } from './openEncoder';
import { type Reading, readTexts } from './readTexts';

/** Tokens, padding included, that go through the encoder at once: some 100 ms of work. */
const tokensAtOnce = 512;

/**
 * Turns texts into embeddings. A text's embedding depends on the text alone, to the last bit: it is
 * padded to a length that follows from its own, and neither its neighbours in a batch nor the number of
 * threads change how its sums round (the products' weights are constants of the graph, which ONNX
 * Runtime packs once, whatever the threads; measured, and held by tests).
 *
 * The embedding of a text of several windows is the mean of theirs, weighted by their tokens. So a
 * linear head's logits of the text are the same mean of its windows' logits.
 */
export class TextEmbedder {
  private constructor(
    private readonly session: GraphSession,
    private readonly config: EncoderConfig,
    private readonly tokenizer: TextTokenizer,
    private readonly reading: Reading,
  ) {}

  /** @param folder a Hugging Face folder as src/encoders lays it */
  static async open(
    folder: string,
    reading: Reading,
    { threads, memoryMb }: { threads: number; memoryMb: number },
  ): Promise<TextEmbedder> {
    const { config, weights, tokenizer, normalize } = openEncoder(folder, reading);
    // The weights as read, in the graph's bytes, in ONNX Runtime, and packed by it for its products.
    const peak = processBytes + 4 * weightBytes(weights);
    requireMemory('computing embeddings with this encoder', peak, memoryMb);
    const session = await openGraph(embeddingGraph(config, weights, normalize), { threads });
    return new TextEmbedder(session, config, tokenizer, reading);
  }

  /** Numbers of an embedding. */
  get dims(): number {
    return this.config.hidden;
  }

  /**
   * Texts × dims, row-major.
   *
   * @param breathe awaited after every text and batch; may throw to stop
   */
  async embed(
    texts: readonly string[],
    breathe: () => Promise<void>,
  ): Promise<{ embeddings: Float32Array; counts: TokenizedCounts }> {
    const tokenized = await readTexts(this.tokenizer, texts, this.reading, breathe);
    const { dims } = this;
    const sums = new Float64Array(texts.length * dims);
    const weights = new Float64Array(texts.length);
    for (const { windows, padded } of this.batches(tokenized.rows)) {
      const batch = tokenBatch(
        windows.map((window) => tokenized.rows[window]!),
        padded,
        this.config,
      );
      const found = new Float32Array(windows.length * dims);
      const sizes = { N: windows.length, L: padded };
      await this.session.run(servingFeeds(batch), { embeddings: found }, sizes);
      windows.forEach((window, i) => {
        const text = tokenized.texts[window]!;
        const weight = tokenized.rows[window]!.length;
        weights[text]! += weight;
        for (let j = 0; j < dims; j++) sums[text * dims + j]! += weight * found[i * dims + j]!;
      });
      await breathe();
    }
    const embeddings = Float32Array.from(sums, (sum, i) => sum / weights[Math.floor(i / dims)]!);
    return { embeddings, counts: tokenized.counts };
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** Windows of one padded length each, in order. */
  private *batches(
    rows: readonly Int32Array[],
  ): Generator<{ windows: number[]; padded: number }, void> {
    const lengths = bucketLengths(this.reading.max_length);
    for (const [bucket, padded] of lengths.entries()) {
      const own = rows.flatMap((row, i) => (bucketOf(row.length, lengths) === bucket ? [i] : []));
      const size = Math.max(1, Math.floor(tokensAtOnce / padded));
      for (let at = 0; at < own.length; at += size) {
        yield { windows: own.slice(at, at + size), padded };
      }
    }
  }
}
