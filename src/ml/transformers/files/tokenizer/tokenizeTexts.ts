import type { TextTokenizer } from './tokenizer';
import { windowedTokens, windowsOf, type WindowOptions } from './windows';

/** How texts become rows of token ids. */
export interface TokenizeOptions {
  /** The most tokens of a row, special ones counted. */
  length: number;
  /** `truncate` keeps the start of a longer text; `window` makes several overlapping rows of it. */
  longTexts: 'truncate' | 'window';
  /** The most rows of one text with `window`. */
  mostWindows: number;
}

/** Rows of token ids, special ones included, and whose they are. */
export interface TokenizedTexts {
  rows: Int32Array[];
  /** The text of each row, by its place; a text's rows follow each other. */
  texts: Int32Array;
  counts: TokenizedCounts;
}

/** What a report says about the texts. */
export interface TokenizedCounts {
  texts: number;
  /** Texts of which some tokens were left out. */
  cut: number;
  /** Texts with more than one row. */
  windowed: number;
  /** Texts without any token: empty, or nothing but spaces and control characters. */
  empty: number;
  /** Texts with nothing but unknown tokens. */
  unknown: number;
}

/** Tokenizes texts for an encoder. A text without tokens has one row, of special tokens only. */
export function tokenizeTexts(
  tokenizer: TextTokenizer,
  texts: readonly string[],
  options: TokenizeOptions,
): TokenizedTexts {
  const windows = windowOptions(tokenizer, options);
  const most = windowedTokens(windows);
  const counts = { texts: texts.length, cut: 0, windowed: 0, empty: 0, unknown: 0 };
  const rows: Int32Array[] = [];
  const owners: number[] = [];
  for (const [i, text] of texts.entries()) {
    const { ids, more } = tokenizer.tokens(text, most);
    const pieces = windowsOf(ids, windows);
    if (more) counts.cut++;
    if (pieces.length > 1) counts.windowed++;
    if (ids.length === 0) counts.empty++;
    else if (ids.every((id) => id === tokenizer.unknownId)) counts.unknown++;
    for (const piece of pieces) {
      rows.push(tokenizer.surround(piece));
      owners.push(i);
    }
  }
  return { rows, texts: Int32Array.from(owners), counts };
}

function windowOptions(
  tokenizer: TextTokenizer,
  { length, longTexts, mostWindows }: TokenizeOptions,
): WindowOptions {
  const room = length - tokenizer.prefix.length - tokenizer.suffix.length;
  return { room, most: longTexts === 'window' ? mostWindows : 1 };
}
