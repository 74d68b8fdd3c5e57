import { readTokenizer } from '../../../ml/transformers/files/tokenizer/tokenizer';
import {
  openTokenSession,
  runTokens,
  type TokenSession,
} from '../../../encoder-learning/tokenScorer';
import { WordReader, type WordWindow } from '../../../encoder-learning/wordReader';
import { transitionsIn } from '../bundle/decoding';
import type { EncoderManifest } from '../bundle/manifest';
import type { Tokens } from '../../../tagging/tokens';
import { type FoundSpan, LabelDecoder } from './labelDecoder';
import type { LearnedTagger } from './learnedTagger';

/** The files of a bundle with an encoder. */
export interface EncoderFiles {
  onnx: Uint8Array;
  tokenizerFile: Uint8Array;
}

/** A token classifier with an encoder. It blocks its thread while it computes, some 100 ms at a time. */
export class EncoderTagger implements LearnedTagger {
  private constructor(
    private readonly manifest: EncoderManifest,
    private readonly reader: WordReader,
    private readonly session: TokenSession,
    readonly decoder: LabelDecoder,
  ) {}

  /** @param threads scores depend on it in their last bits at most */
  static async open(
    manifest: EncoderManifest,
    { onnx, tokenizerFile }: EncoderFiles,
    threads: number,
  ): Promise<EncoderTagger> {
    const reader = new WordReader(readTokenizer(tokenizerFile), manifest.max_length);
    const decoder = new LabelDecoder(transitionsIn(manifest));
    return new EncoderTagger(manifest, reader, await openTokenSession(onnx, threads), decoder);
  }

  get parameters(): number {
    const { encoder, labels } = this.manifest;
    return encoder.parameters + labels.length * (encoder.hidden + 1);
  }

  windows(text: string, tokens: Tokens): WordWindow[] {
    return this.reader.windows(text, tokens);
  }

  /** The scores of each word's labels, words × labels. */
  async emissions(text: string, tokens: Tokens): Promise<Float32Array> {
    const { labels, encoder } = this.manifest;
    const windows = this.windows(text, tokens);
    const scores = new Float32Array(tokens.starts.length * labels.length);
    const options = { padTokenId: encoder.pad_token_id, alone: false };
    const rows = windows.map(({ ids }) => ids);
    await runTokens(this.session, rows, options, (row, logits) =>
      takeWords(windows[row]!, logits, labels.length, scores),
    );
    return scores;
  }

  async spans(text: string, tokens: Tokens): Promise<FoundSpan[]> {
    return this.decoder.spans(await this.emissions(text, tokens));
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/** Copies what a window says of its words to their places in words × labels. */
export function takeWords(
  { words, places }: WordWindow,
  logits: Float32Array,
  labels: number,
  scores: Float32Array,
): void {
  words.forEach((word, i) => {
    const at = places[i]! * labels;
    scores.set(logits.subarray(at, at + labels), word * labels);
  });
}
