import { EncoderFileError } from '../encoderFileError';
import { shown, type JsonFields } from '../jsonFields';

/**
 * Checks the tokens of a `tokenizer.json`: ids are whole numbers, and the token for what is unknown is
 * among them.
 * @returns the largest id
 */
export function largestTokenId(tokenizer: JsonFields): number {
  const model = tokenizer.object('model');
  const kind = model.text('type');
  let largest = kind === 'Unigram' ? pieces(model) : ids(model);
  if (kind === 'BPE') checkMerges(model);
  if (tokenizer.has('added_tokens')) {
    for (const token of tokenizer.objects('added_tokens')) {
      token.text('content');
      // The library would find it within words too.
      if (token.flag('single_word', false)) token.refuse('single_word', 'false');
      largest = Math.max(largest, token.wholeNumber('id', idRange));
    }
  }
  return largest;
}

const idRange = { least: 0, most: 0x7fffffff };

/** WordPiece and BPE: `{token: id}`. */
function ids(model: JsonFields): number {
  const vocabulary = model.object('vocab');
  let largest = -1;
  for (const token of vocabulary.names()) {
    largest = Math.max(largest, vocabulary.wholeNumber(token, idRange));
  }
  if (largest < 0) model.refuse('vocab', 'at least one token');
  if (model.has('unk_token') && !vocabulary.has(model.text('unk_token'))) {
    model.refuse('unk_token', 'a token of "vocab"');
  }
  return largest;
}

/** BPE: pairs of tokens that make a token, in older files as "a b". */
function checkMerges(model: JsonFields): void {
  const vocabulary = model.object('vocab');
  const merges = model.list('merges');
  // The library takes all for what the first one is.
  const arePairs = Array.isArray(merges[0]);
  for (const [i, merge] of merges.entries()) {
    const parts: unknown = typeof merge === 'string' && !arePairs ? merge.split(' ') : merge;
    if (isPair(parts) && [...parts, parts.join('')].every((token) => vocabulary.has(token)))
      continue;
    throw new EncoderFileError(
      model.file,
      `"model.merges.${i}" is ${shown(Array.isArray(merge) ? merge.join(' ') : merge)}; expected two tokens of "vocab" that make a third`,
    );
  }
}

const isPair = (value: unknown): value is [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');

/** Unigram: a list of `[piece, score]`. */
function pieces(model: JsonFields): number {
  const list = model.list('vocab');
  const isPiece = (entry: unknown): boolean =>
    Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';
  if (list.length === 0 || !list.every(isPiece)) model.refuse('vocab', 'pairs of piece and score');
  model.wholeNumber('unk_id', { least: 0, most: list.length - 1 });
  return list.length - 1;
}
