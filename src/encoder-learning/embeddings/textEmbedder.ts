import { type GraphSession, openGraph } from '../../ml/onnx/graphSession';
import { bucketBatches } from '../../ml/nn/training/batches';
import { bucketLengths } from '../../ml/nn/training/lengthBuckets';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import type { TextTokenizer } from '../../ml/transformers/files/tokenizer/tokenizer';
import type { TokenizedCounts } from '../../ml/transformers/files/tokenizer/tokenizeTexts';
import { embeddingGraph } from '../../ml/transformers/servingGraph';
import { servingFeeds, tokenBatch } from '../../ml/transformers/tokenBatch';
import { requireEmbeddingMemory, tokensAtOnce } from './embeddingMemory';
import { requireEmbeddingGraph } from '../modelFile';
import { openEncoder } from '../openEncoder';
import { type Reading, readTexts } from '../readTexts';
import { WindowMeans } from '../windowMeans';

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
    const accept = (config: EncoderConfig): void => {
      requireEmbeddingGraph(config);
      requireEmbeddingMemory(config, reading.max_length, memoryMb);
    };
    const { config, weights, tokenizer, normalize } = openEncoder(folder, reading, accept);
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
   * @param yieldToEventLoop awaited after every text and batch; may throw to stop
   */
  async embed(
    texts: readonly string[],
    yieldToEventLoop: () => Promise<void>,
  ): Promise<{ embeddings: Float32Array; counts: TokenizedCounts }> {
    const tokenized = await readTexts(this.tokenizer, texts, this.reading, yieldToEventLoop);
    const { dims } = this;
    const means = new WindowMeans(texts.length, dims);
    const lengths = bucketLengths(this.reading.max_length);
    for (const { rows: windows, length } of bucketBatches(tokenized.rows, lengths, tokensAtOnce)) {
      const batch = tokenBatch(
        windows.map((window) => tokenized.rows[window]!),
        length,
        this.config,
      );
      const found = new Float32Array(windows.length * dims);
      const sizes = { N: windows.length, L: length };
      await this.session.run(servingFeeds(batch), { embeddings: found }, sizes);
      windows.forEach((window, i) => {
        const values = found.subarray(i * dims, (i + 1) * dims);
        means.add(tokenized.texts[window]!, tokenized.rows[window]!.length, values);
      });
      await yieldToEventLoop();
    }
    return { embeddings: means.all(), counts: tokenized.counts };
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
