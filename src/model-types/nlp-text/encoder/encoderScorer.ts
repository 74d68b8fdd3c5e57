import { TrainyardError } from '../../../errors';
import {
  readTokenizer,
  type TextTokenizer,
} from '../../../ml/transformers/files/tokenizer/tokenizer';
import { refusalOf } from '../../../ml/onnx/decode';
import type { TokenizedCounts } from '../../../ml/transformers/files/tokenizer/tokenizeTexts';
import { probabilities } from '../../../ml/heads/probabilities';
import { damagedBundle } from '../../../bundle/damagedBundle';
import type { Explanation } from '../predict/explanation';
import type { BundleScorer } from '../predict/scorer';
import { type EncoderBundle, scorerOptions } from './encoderBundle';
import type { EncoderManifest } from './encoderManifest';
import { explainByWords } from './explainByWords';
import { readText } from '../../../encoder-learning/readTexts';
import { addCounts, noTexts } from '../../../encoder-learning/textCounts';
import {
  openTokenSession,
  runTokens,
  type TokenSession,
} from '../../../encoder-learning/tokenScorer';
import { WindowMeans } from '../../../encoder-learning/windowMeans';

/** Windows that wait for their batch, at most about so many. */
const maxWaiting = 256;

/**
 * A model with an encoder, opened to give probabilities. For one thread; it blocks it while it
 * computes, some 100 ms at a time.
 */
export class EncoderScorer implements BundleScorer {
  private constructor(
    readonly manifest: EncoderManifest,
    private readonly tokenizer: TextTokenizer,
    private readonly session: TokenSession,
  ) {}

  /** Refuses a bundle whose test vectors come out otherwise here. */
  static async open(bundle: EncoderBundle, threads: number): Promise<EncoderScorer> {
    const { manifest, onnx, tokenizerFile } = bundle;
    const refusal = refusalOf(onnx);
    if (refusal !== undefined) throw damagedBundle(`model.onnx cannot be loaded: ${refusal}`);
    const session = await openTokenSession(onnx, threads);
    const scorer = new EncoderScorer(manifest, readTokenizer(tokenizerFile), session);
    try {
      await scorer.assertTestVectors();
    } catch (error) {
      await session.close();
      throw error;
    }
    return scorer;
  }

  async score(
    texts: Iterable<string>,
    each: (text: number, probabilities: Float32Array) => void,
    signal?: AbortSignal,
  ): Promise<TokenizedCounts> {
    const { head } = this.manifest;
    return this.logits(
      texts,
      (text, logits) => each(text, Float32Array.from(probabilities(logits, head))),
      signal,
    );
  }

  explain(text: string, classes: readonly number[], signal?: AbortSignal): Promise<Explanation[]> {
    return explainByWords(
      async (texts) => {
        const all: Float64Array[] = [];
        await this.logits(texts, (i, logits) => (all[i] = logits), signal);
        return all;
      },
      text,
      classes,
    );
  }

  close(): Promise<void> {
    return this.session.close();
  }

  private async logits(
    texts: Iterable<string>,
    each: (text: number, logits: Float64Array) => void,
    signal?: AbortSignal,
  ): Promise<TokenizedCounts> {
    let counts = noTexts;
    let first = 0;
    let waiting: Int32Array[][] = [];
    let windows = 0;
    const flush = async (): Promise<void> => {
      const rows = waiting.flat();
      const owners = waiting.flatMap((own, i) => own.map(() => i));
      const sums = new WindowMeans(waiting.length, this.manifest.labels.length);
      await runTokens(
        this.session,
        rows,
        scorerOptions(this.manifest),
        (row, logits) => sums.add(owners[row]!, rows[row]!.length, logits),
        signal,
      );
      for (let i = 0; i < waiting.length; i++) each(first + i, sums.of(i));
      first += waiting.length;
      waiting = [];
      windows = 0;
    };
    for (const text of texts) {
      const { rows, counts: own } = readText(this.tokenizer, text, this.manifest);
      counts = addCounts(counts, own);
      waiting.push(rows);
      windows += rows.length;
      if (windows > maxWaiting) await flush();
    }
    await flush();
    return counts;
  }

  private async assertTestVectors(): Promise<void> {
    const { test_vectors: vectors, tolerance } = this.manifest;
    for (const { text, ids } of vectors) {
      const found = readText(this.tokenizer, text, this.manifest).rows.flatMap((row) => [...row]);
      if (found.join() === ids.join()) continue;
      throw new TrainyardError(
        'config',
        'features_changed',
        'the model was made with another tokenizer than this version reads: its scores would be wrong. Use the version that made it, or train the model again',
      );
    }
    let worst = 0;
    await this.score(
      vectors.map(({ text }) => text),
      (i, found) => {
        vectors[i]!.probabilities.forEach((stated, c) => {
          worst = Math.max(worst, Math.abs(stated - found[c]!));
        });
      },
    );
    if (worst <= tolerance) return;
    throw new TrainyardError(
      'config',
      'scores_changed',
      `on this machine the model's probabilities differ by ${worst.toPrecision(2)} from those that it was made with, allowed are ${tolerance}. Train the model again`,
    );
  }
}
