/** A few thousand tokens: more than most texts have, and little to throw away. */
const chunk = 16_384;
/** Without a break for so long it is no text of words; it is cut where it has to be. */
const longestRun = 65_536;

/** A single space between letters or digits: every tokenizer here begins a new word there. */
const wordBreak = /(?<=[\p{L}\p{N}]) (?=[\p{L}\p{N}])/gu;

/**
 * Cuts a long text into pieces that can be tokenized one by one, with the tokens of the whole: at
 * spaces between words. A run of 65,536 characters without one is cut anyway.
 */
export function* textChunks(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > chunk) {
    const end = cutAfter(text, start + chunk);
    yield text.slice(start, end);
    start = end;
  }
  if (start < text.length || text === '') yield text.slice(start);
}

/** Where to cut at or after `from`. The space goes with the word behind it. */
function cutAfter(text: string, from: number): number {
  const limit = Math.min(text.length, from + longestRun);
  const found = text.slice(from - 2, limit).search(wordBreak);
  if (found >= 0) return from - 2 + found;
  return isPair(text, limit) ? limit - 1 : limit;
}

function isPair(text: string, at: number): boolean {
  return at < text.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
}
