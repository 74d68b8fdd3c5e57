import type { TextTokenizer } from '../ml/transformers/files/tokenizer/tokenizer';

/** A part of a text as an encoder sees it. */
export interface WordWindow {
  /** Token ids, the special ones included. */
  ids: Int32Array;
  /** The words that it is read for, by their numbers in the text. */
  words: Int32Array;
  /** Where the first token of each of them stands in `ids`; it speaks for the word (Devlin et al. 2019). */
  places: Int32Array;
}

/** Tokens of one word at most: what lies behind them is left out. */
const mostTokens = 64;
/** Words whose tokens are remembered. */
const mostKnown = 1 << 16;

/**
 * Reads texts word by word. A text that is too long at once is read in windows that overlap: each word
 * belongs to one of them, and has an eighth of a window before and behind it where the text has it.
 */
export class WordReader {
  private readonly known = new Map<string, Int32Array>();
  private readonly room: number;

  /** @param length the most tokens of a window, special ones counted */
  constructor(
    private readonly tokenizer: TextTokenizer,
    length: number,
  ) {
    this.room = length - tokenizer.prefix.length - tokenizer.suffix.length;
    if (this.room < 1) throw new RangeError(`A length of ${length} leaves no room for a word.`);
  }

  /** @param tokens where the words are; none gives no window */
  windows(text: string, { starts, ends }: { starts: Int32Array; ends: Int32Array }): WordWindow[] {
    const words = Array.from(starts, (start, i) => this.tokensOf(text, start, ends[i]!));
    const sizes = words.map(({ length }) => length);
    return cutWords(sizes, this.room).map((cut) => this.windowOf(words, cut));
  }

  /** Tokenizers that see a space begin a word there. */
  private tokensOf(text: string, start: number, end: number): Int32Array {
    const word = (/\s/.test(text.charAt(start - 1)) ? ' ' : '') + text.slice(start, end);
    const known = this.known.get(word);
    if (known) return known;
    const { ids } = this.tokenizer.tokens(word, Math.min(mostTokens, coreOf(this.room)));
    // A word of nothing that the tokenizer keeps is unknown; it needs a place all the same.
    const found = ids.length > 0 ? ids : Int32Array.of(this.tokenizer.unknownId ?? 0);
    if (this.known.size >= mostKnown) this.known.clear();
    this.known.set(word, found);
    return found;
  }

  private windowOf(words: readonly Int32Array[], { from, first, end, to }: Cut): WordWindow {
    const inside = words.slice(from, to);
    const places = new Int32Array(end - first);
    const ids = new Int32Array(inside.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    inside.forEach((tokens, i) => {
      const word = from + i;
      if (word >= first && word < end) places[word - first] = this.tokenizer.prefix.length + at;
      ids.set(tokens, at);
      at += tokens.length;
    });
    return {
      ids: this.tokenizer.surround(ids),
      words: Int32Array.from(places, (_, i) => first + i),
      places,
    };
  }
}

/** Words of one window, `from` to before `to`, read for those from `first` to before `end`. */
interface Cut {
  from: number;
  first: number;
  end: number;
  to: number;
}

/** Tokens of the words that a window is read for, where it is one of several. */
const coreOf = (room: number): number => room - 2 * (room >> 3);

function cutWords(sizes: readonly number[], room: number): Cut[] {
  const count = sizes.length;
  if (count === 0) return [];
  if (sizes.reduce((a, b) => a + b, 0) <= room)
    return [{ from: 0, first: 0, end: count, to: count }];
  const cuts: Cut[] = [];
  for (let first = 0, end = 0; first < count; first = end) {
    let size = 0;
    while (end < count && size + sizes[end]! <= coreOf(room)) size += sizes[end++]!;
    let [from, to] = [first, end];
    const before = size + (room >> 3);
    while (from > 0 && size + sizes[from - 1]! <= before) size += sizes[--from]!;
    while (to < count && size + sizes[to]! <= room) size += sizes[to++]!;
    // At the end of the text what is left of the window goes to what stands before.
    while (from > 0 && size + sizes[from - 1]! <= room) size += sizes[--from]!;
    cuts.push({ from, first, end, to });
  }
  return cuts;
}
