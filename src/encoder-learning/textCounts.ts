import type { StageContext } from '../stage/stageContext';
import type { TokenizedCounts } from '../ml/transformers/files/tokenizer/tokenizeTexts';
import type { EncoderChoice } from './encoderChoice';

/** The most windows that are made of one text; what lies behind them is left out, and counted. */
export const mostWindows = 16;

export const noTexts: TokenizedCounts = { texts: 0, cut: 0, windowed: 0, empty: 0, unknown: 0 };

export function addCounts(a: TokenizedCounts, b: TokenizedCounts): TokenizedCounts {
  return {
    texts: a.texts + b.texts,
    cut: a.cut + b.cut,
    windowed: a.windowed + b.windowed,
    empty: a.empty + b.empty,
    unknown: a.unknown + b.unknown,
  };
}

/** Tells people of texts that the encoder did not see as they are. */
export function warnOfTexts(
  context: StageContext,
  { texts, cut, empty, unknown }: TokenizedCounts,
  { max_length, long_texts }: EncoderChoice,
): void {
  const warn = (code: string, count: number, what: string): void => {
    if (count > 0) context.warn({ code, message: `${count} of ${texts} train texts ${what}` });
  };
  warn(
    'texts_cut',
    cut,
    long_texts === 'truncate'
      ? `have more than ${max_length} tokens: only the start was read. Set model_options.long_texts to "window", or raise model_options.max_length.`
      : `are longer than ${mostWindows} windows of ${max_length} tokens: the rest was not read.`,
  );
  warn('texts_without_tokens', empty, 'are empty: the encoder says nothing of them.');
  warn(
    'texts_of_unknown_tokens',
    unknown,
    "hold nothing that the encoder's vocabulary knows: look whether it is made for their language.",
  );
}
