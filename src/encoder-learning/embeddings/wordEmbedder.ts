import { bucketBatches } from '../../ml/nn/training/batches';
import { bucketLengths } from '../../ml/nn/training/lengthBuckets';
import { type GraphSession, openGraph } from '../../ml/onnx/graphSession';
import type { EncoderConfig } from '../../ml/transformers/encoderConfig';
import { tokenStatesGraph } from '../../ml/transformers/servingGraph';
import { servingFeeds, tokenBatch } from '../../ml/transformers/tokenBatch';
import { requireEmbeddingGraph } from '../modelFile';
import { openEncoder } from '../openEncoder';
import type { Reading } from '../readTexts';
import { WordReader, type WordWindow } from '../wordReader';
import { requireEmbeddingMemory, tokensAtOnce } from './embeddingMemory';

/** Where the words of a text are. */
interface WordsOfText {
  text: string;
  tokens: { starts: Int32Array; ends: Int32Array };
}

/**
 * Turns the words of texts into the encoder's states of their first tokens. As with TextEmbedder they
 * depend on the text alone, to the last bit.
 */
export class WordEmbedder {
  private constructor(
    private readonly session: GraphSession,
    private readonly config: EncoderConfig,
    private readonly reader: WordReader,
    private readonly longest: number,
  ) {}

  /** @param folder a Hugging Face folder as src/encoders lays it */
  static async open(
    folder: string,
    reading: Reading,
    { threads, memoryMb }: { threads: number; memoryMb: number },
  ): Promise<WordEmbedder> {
    const accept = (config: EncoderConfig): void => {
      requireEmbeddingGraph(config);
      requireEmbeddingMemory(config, reading.max_length, memoryMb);
    };
    const { config, weights, tokenizer } = openEncoder(folder, reading, accept);
    const session = await openGraph(tokenStatesGraph(config, weights), { threads });
    const reader = new WordReader(tokenizer, reading.max_length);
    return new WordEmbedder(session, config, reader, reading.max_length);
  }

  /** Numbers of a state. */
  get dims(): number {
    return this.config.hidden;
  }

  /**
   * Words of all texts × dims, row-major.
   *
   * @param yieldToEventLoop awaited after every batch; may throw to stop
   */
  async embed(
    texts: readonly WordsOfText[],
    yieldToEventLoop: () => Promise<void>,
  ): Promise<Float32Array> {
    const { dims } = this;
    const windows: WordWindow[] = [];
    const firstWords: number[] = [];
    let words = 0;
    for (const { text, tokens } of texts) {
      for (const window of this.reader.windows(text, tokens)) {
        windows.push(window);
        firstWords.push(words);
      }
      words += tokens.starts.length;
    }
    const states = new Float32Array(words * dims);
    const rows = windows.map(({ ids }) => ids);
    for (const batch of bucketBatches(rows, bucketLengths(this.longest), tokensAtOnce)) {
      const { length } = batch;
      const ids = batch.rows.map((row) => rows[row]!);
      const found = new Float32Array(ids.length * length * dims);
      const sizes = { N: ids.length, L: length };
      await this.session.run(
        servingFeeds(tokenBatch(ids, length, this.config)),
        { states: found },
        sizes,
      );
      batch.rows.forEach((row, i) => {
        const window = windows[row]!;
        window.words.forEach((word, k) => {
          const at = (i * length + window.places[k]!) * dims;
          states.set(found.subarray(at, at + dims), (firstWords[row]! + word) * dims);
        });
      });
      await yieldToEventLoop();
    }
    return states;
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
