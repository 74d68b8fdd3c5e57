import { lowerCase, normalizeBert } from './bertNormalizer';
import type { JsonFields } from '../jsonFields';
import { libraryNormalizer, type LibraryNormalizer } from './library';
import { precompiledNormalizer } from './precompiledNormalizer';

/**
 * The library's normalizer with the parts put right that differ from the reference implementation.
 * @param fields what `tokenizer.json` says of it
 */
export function exactNormalizer(given: LibraryNormalizer, fields: JsonFields): LibraryNormalizer {
  const kind = fields.text('type');
  if (kind === 'BertNormalizer') return bertNormalizer(fields);
  if (kind === 'Precompiled') return precompiledNormalizer(fields);
  if (kind === 'Lowercase') return libraryNormalizer(lowerCase);
  if (kind === 'Strip') return stripNormalizer(fields);
  if (kind === 'Sequence' && given.normalizers) {
    const parts = fields.objects('normalizers');
    given.normalizers = given.normalizers.map(
      (part, i) => part && exactNormalizer(part, parts[i]!),
    );
  }
  return given;
}

/** Whether the normalizer of a `tokenizer.json` makes capitals small letters. */
export function lowerCases(tokenizer: JsonFields): boolean {
  if (!tokenizer.has('normalizer')) return false;
  const normalizer = tokenizer.object('normalizer');
  const isSequence = normalizer.text('type') === 'Sequence';
  return (isSequence ? normalizer.objects('normalizers') : [normalizer]).some((part) => {
    const kind = part.text('type');
    return kind === 'Lowercase' || (kind === 'BertNormalizer' && part.flag('lowercase', true));
  });
}

function bertNormalizer(fields: JsonFields): LibraryNormalizer {
  const lowercase = fields.flag('lowercase', true);
  const options = {
    cleanText: fields.flag('clean_text', true),
    spaceChinese: fields.flag('handle_chinese_chars', true),
    stripAccents: fields.flag('strip_accents', lowercase),
    lowercase,
  };
  return libraryNormalizer((text) => normalizeBert(text, options));
}

const space = /^\p{White_Space}$/u;

/** Unlike JavaScript's trim it leaves byte order marks. */
function stripNormalizer(fields: JsonFields): LibraryNormalizer {
  const left = fields.flag('strip_left', true);
  const right = fields.flag('strip_right', true);
  return libraryNormalizer((text) => {
    let [start, end] = [0, text.length];
    while (left && start < end && space.test(text[start]!)) start++;
    while (right && end > start && space.test(text[end - 1]!)) end--;
    return text.slice(start, end);
  });
}
