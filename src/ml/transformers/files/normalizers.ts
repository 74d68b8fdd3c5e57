import { normalizeBert } from './bertNormalizer';
import type { JsonFields } from './jsonFields';
import { libraryNormalizer, type LibraryNormalizer } from './library';

/**
 * The library's normalizer with the parts put right that differ from the reference implementation.
 * @param fields what `tokenizer.json` says of it
 */
export function exactNormalizer(given: LibraryNormalizer, fields: JsonFields): LibraryNormalizer {
  const kind = fields.text('type');
  if (kind === 'BertNormalizer') return bertNormalizer(fields);
  if (kind === 'Precompiled') return precompiledNormalizer(given);
  if (kind === 'Sequence' && given.normalizers) {
    const parts = fields.objects('normalizers');
    given.normalizers = given.normalizers.map(
      (part, i) => part && exactNormalizer(part, parts[i]!),
    );
  }
  return given;
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

const joiner = '\u200D';
const arabicLetterMark = '\u061C';

/**
 * SentencePiece's map, which the library writes out as rules. The reference keeps the joiners that
 * hold emoji and Indic letters together, and takes the Arabic letter mark for a space.
 */
function precompiledNormalizer(given: LibraryNormalizer): LibraryNormalizer {
  return libraryNormalizer((text) =>
    text
      .replaceAll(arabicLetterMark, ' ')
      .split(joiner)
      .map((part) => given(part))
      .join(joiner),
  );
}
