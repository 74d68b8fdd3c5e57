import type { JsonFields } from '../jsonFields';
import type { LibraryPreTokenizer } from './library';

// JavaScript's \s takes a byte order mark for a space and leaves out U+0085.
const spaceless = /\P{White_Space}+/gu;
const bertWords = /[^\p{White_Space}\p{P}!-/:-@[-`{-~]+|[\p{P}!-/:-@[-`{-~]/gu;
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * Puts right what cuts a text otherwise than the reference implementation does.
 * @param fields what `tokenizer.json` says of it
 */
export function exactPreTokenizer(given: LibraryPreTokenizer, fields: JsonFields): void {
  switch (fields.text('type')) {
    case 'BertPreTokenizer':
      given.pre_tokenize_text = (text) => text.match(bertWords) ?? [];
      break;
    case 'WhitespaceSplit':
      given.pre_tokenize_text = (text) => text.match(spaceless) ?? [];
      break;
    case 'ByteLevel':
      Object.assign(given, { pattern: byteLevelWords });
      break;
    case 'Metaspace':
      if (fields.flag('split', true)) splitAt(given, replacementOf(fields));
      break;
    case 'Sequence':
      fields.objects('pretokenizers').forEach((part, i) => {
        exactPreTokenizer(given.tokenizers![i]!, part);
      });
  }
}

/** The library leaves the text whole; its words begin with what stands for a space. */
function splitAt(given: LibraryPreTokenizer, replacement: string): void {
  const marked = given.pre_tokenize_text.bind(given);
  given.pre_tokenize_text = (text, options) =>
    marked(text, options).flatMap((whole) =>
      whole
        .split(replacement)
        .map((word, i) => (i === 0 ? word : replacement + word))
        .filter((word) => word !== ''),
    );
}

function replacementOf(fields: JsonFields): string {
  if (!fields.has('replacement')) return '▁';
  const text = fields.text('replacement');
  return text === '' ? fields.refuse('replacement', 'a character') : text;
}
