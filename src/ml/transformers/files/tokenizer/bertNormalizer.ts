/** What `BertNormalizer` in a tokenizer.json says, defaults filled in. */
export interface BertNormalizerOptions {
  cleanText: boolean;
  spaceChinese: boolean;
  stripAccents: boolean;
  lowercase: boolean;
}

/** Nothing to do but lower case: most texts. */
const plain = /^[\x20-\x7e]*$/;
/** Control and format characters, private ones, halves of pairs, and what stands for the unreadable. */
const removed = /[\0\uFFFD]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const space = /\s/gu;
/** The blocks that BERT's authors count as Chinese, those beyond 16 bits included. */
const chinese =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B820}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const accent = /\p{Mn}/gu;
const upperSigma = /Σ/g;

/**
 * BERT's normalization in the order and with the characters of the reference implementation in Rust:
 * the library's own leaves Chinese beyond 16 bits together and writes final sigmas.
 */
export function normalizeBert(text: string, options: BertNormalizerOptions): string {
  const { cleanText, spaceChinese, stripAccents, lowercase } = options;
  if (plain.test(text)) return lowercase ? text.toLowerCase() : text;
  let result = text;
  if (cleanText) result = result.replace(removed, '').replace(space, ' ');
  if (spaceChinese) result = result.replace(chinese, ' $& ');
  if (stripAccents) result = result.normalize('NFD').replace(accent, '');
  return lowercase ? lowerCase(result) : result;
}

/** Letter by letter, as the reference does: at the end of a word JavaScript would write ς. */
export function lowerCase(text: string): string {
  return text.replace(upperSigma, 'σ').toLowerCase();
}
