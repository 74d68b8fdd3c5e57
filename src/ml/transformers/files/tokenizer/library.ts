import * as untyped from '@huggingface/tokenizers';

/**
 * What we use of the tokenizer library. Its own declarations import without file endings, which
 * TypeScript does not resolve for Node.
 */
export interface LibraryTokenizer {
  normalizer: LibraryNormalizer | null;
  pre_tokenizer: LibraryPreTokenizer | null;
  model: LibraryModel;
  post_processor: {
    post_process(tokens: string[], pair: null, special: boolean): { tokens: string[] };
  } | null;
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  token_to_id(token: string): number | undefined;
}

/** Called as a function where it stands alone, by its method where it is part of a sequence. */
export interface LibraryNormalizer {
  (text: string): string;
  normalize(text: string): string;
  /** The parts of a sequence. */
  normalizers?: (LibraryNormalizer | null)[];
}

/** What cuts a text into words; the library calls `pre_tokenize_text` of each part. */
export interface LibraryPreTokenizer {
  pre_tokenize_text(text: string, options?: { section_index?: number }): string[];
  /** The parts of a sequence. */
  tokenizers?: (LibraryPreTokenizer | null)[];
}

export interface LibraryModel {
  unk_token_id?: number;
  /** Unknown tokens in a row become one. */
  fuse_unk: boolean;
  /** The tokens of words; called when the model is used as a function. */
  _call(words: string[]): string[];
}

interface Library {
  /** @throws Error for parts that it does not know */
  Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
}

export const { Tokenizer } = untyped as unknown as Library;

export function libraryNormalizer(normalize: (text: string) => string): LibraryNormalizer {
  return Object.assign((text: string) => normalize(text), { normalize });
}
