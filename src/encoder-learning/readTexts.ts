import type { TextTokenizer } from '../ml/transformers/files/tokenizer/tokenizer';
import {
  type TokenizedTexts,
  tokenizeTexts,
} from '../ml/transformers/files/tokenizer/tokenizeTexts';
import type { EncoderChoice } from './encoderChoice';
import { addCounts, mostWindows, noTexts } from './textCounts';

/** How texts are read: part of a choice of encoder. */
export type Reading = Pick<EncoderChoice, 'max_length' | 'long_texts'>;

/**
 * Texts as windows of token ids.
 *
 * @param yieldToEventLoop awaited after every text; may throw to stop
 */
export async function readTexts(
  tokenizer: TextTokenizer,
  texts: Iterable<string>,
  reading: Reading,
  yieldToEventLoop: () => Promise<void>,
): Promise<TokenizedTexts> {
  const rows: Int32Array[] = [];
  const owners: number[] = [];
  let counts = noTexts;
  for (const text of texts) {
    const found = readText(tokenizer, text, reading);
    for (const row of found.rows) {
      rows.push(row);
      owners.push(counts.texts);
    }
    counts = addCounts(counts, found.counts);
    await yieldToEventLoop();
  }
  return { rows, texts: Int32Array.from(owners), counts };
}

/** The windows of one text. */
export function readText(
  tokenizer: TextTokenizer,
  text: string,
  { max_length: length, long_texts: longTexts }: Reading,
): TokenizedTexts {
  return tokenizeTexts(tokenizer, [text], { length, longTexts, mostWindows });
}
