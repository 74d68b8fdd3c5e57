const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');
const signs = Array.from('.,;:!?\'"()-/&%$€@#');

/** Tokens in the order of their ids: letters, letters within words, signs, and words. */
export function tinyVocabulary(words: readonly string[]): string[] {
  const inside = letters.map((letter) => `##${letter}`);
  return [...new Set([...special, ...letters, ...inside, ...signs, ...words])];
}

/** A `tokenizer.json` like BERT's. */
export function tinyTokenizer(words: readonly string[]): Record<string, unknown> {
  const vocab = Object.fromEntries(tinyVocabulary(words).map((token, id) => [token, id]));
  const around = (id: string): object => ({ SpecialToken: { id, type_id: 0 } });
  const text = { Sequence: { id: 'A', type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [around('[CLS]'), text, around('[SEP]')],
      pair: [around('[CLS]'), text, around('[SEP]'), text, around('[SEP]')],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [vocab[id]], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}
