import { EncoderFileError } from '../encoderFileError';
import { JsonFields } from '../jsonFields';
import { Tokenizer, type LibraryTokenizer } from './library';
import { exactNormalizer, lowerCases } from './normalizers';
import { exactPreTokenizer } from './preTokenizers';
import { textChunks } from './textChunks';
import { checkKinds } from './tokenizerKinds';
import { exactModel, withModelKind } from './tokenizerModel';
import { largestTokenId } from './vocabularyCheck';

export const tokenizerFile = 'tokenizer.json';

/**
 * A text is read no further than so many characters, or 64 for each token that is asked for: what has
 * fewer tokens than that is spaces or unknown characters, and could take minutes.
 */
const leastRead = 1_048_576;
const readPerToken = 64;

/** The tokens of a text, without the special ones around it. */
export interface TextTokens {
  ids: Int32Array;
  /** The text goes on behind these tokens. */
  more: boolean;
}

/**
 * Reads a Hugging Face `tokenizer.json`. What it says about truncation and padding is left out: length
 * is the caller's choice.
 * @throws EncoderFileError that names the field, also for kinds of tokenizers that we do not know
 */
export function readTokenizer(content: Uint8Array): TextTokenizer {
  const fields = withModelKind(JsonFields.parse(tokenizerFile, content));
  checkKinds(fields);
  const largestId = largestTokenId(fields);
  const part = (name: string): unknown => fields.value(name) ?? null;
  try {
    const tokenizer = new Tokenizer(
      {
        model: part('model'),
        normalizer: part('normalizer'),
        pre_tokenizer: withPrefixScheme(part('pre_tokenizer')),
        post_processor: part('post_processor'),
        added_tokens: part('added_tokens') ?? [],
        decoder: null,
      },
      {},
    );
    if (tokenizer.normalizer) {
      tokenizer.normalizer = exactNormalizer(tokenizer.normalizer, fields.object('normalizer'));
    }
    if (tokenizer.pre_tokenizer) {
      exactPreTokenizer(tokenizer.pre_tokenizer, fields.object('pre_tokenizer'));
    }
    exactModel(tokenizer.model);
    return new TextTokenizer(tokenizer, largestId, lowerCases(fields));
  } catch (error) {
    if (error instanceof EncoderFileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EncoderFileError(tokenizerFile, `cannot be used: ${reason.slice(0, 200)}`);
  }
}

/** An encoder's tokenizer. */
export class TextTokenizer {
  /** What stands before and after a text's own tokens: `[CLS]` and `[SEP]`, or nothing. */
  readonly prefix: Int32Array;
  readonly suffix: Int32Array;
  /** The token for what the vocabulary does not cover; `undefined` when it covers every byte. */
  readonly unknownId: number | undefined;

  constructor(
    private readonly tokenizer: LibraryTokenizer,
    readonly largestId: number,
    /** Whether capitals make no difference. */
    readonly lowerCases: boolean,
  ) {
    this.unknownId = tokenizer.model.unk_token_id;
    const around = specialTokens(tokenizer);
    this.prefix = this.idsOf(around.before);
    this.suffix = this.idsOf(around.after);
  }

  /**
   * A text's own tokens, the first `most` of them. Long texts are read only as far as needed, so that
   * their length does not matter.
   */
  tokens(text: string, most = Infinity): TextTokens {
    const pieces: number[][] = [];
    const furthest = Math.max(leastRead, readPerToken * most);
    let count = 0;
    let read = 0;
    for (const chunk of textChunks(text)) {
      const { ids } = this.tokenizer.encode(chunk, { add_special_tokens: false });
      pieces.push(ids);
      count += ids.length;
      read += chunk.length;
      if (count > most || read >= furthest) break;
    }
    const ids = new Int32Array(Math.min(count, most));
    let filled = 0;
    for (const piece of pieces) {
      for (let i = 0; i < piece.length && filled < ids.length; i++) ids[filled++] = piece[i]!;
    }
    return { ids, more: count > most || read < text.length };
  }

  /** A text's tokens with the special ones, the text cut so that there are `length` at most. */
  encode(text: string, length = Infinity): Int32Array {
    const room = length - this.prefix.length - this.suffix.length;
    if (room < 1) throw new RangeError(`A length of ${length} leaves no room for a text's tokens.`);
    return this.surround(this.tokens(text, room).ids);
  }

  /** Tokens with the special ones before and after them. */
  surround(ids: Int32Array): Int32Array {
    const { prefix, suffix } = this;
    const all = new Int32Array(prefix.length + ids.length + suffix.length);
    all.set(prefix);
    all.set(ids, prefix.length);
    all.set(suffix, prefix.length + ids.length);
    return all;
  }

  private idsOf(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => {
      const id = this.tokenizer.token_to_id(token);
      if (id !== undefined) return id;
      throw new EncoderFileError(
        tokenizerFile,
        `"post_processor" adds ${JSON.stringify(token)}, which is no token`,
      );
    });
  }
}

/** No text has it: noncharacters are not for interchange. */
const placeholder = '\uFFFE';

function specialTokens({ post_processor }: LibraryTokenizer): {
  before: string[];
  after: string[];
} {
  if (post_processor === null) return { before: [], after: [] };
  const { tokens } = post_processor.post_process([placeholder], null, true);
  const at = tokens.indexOf(placeholder);
  if (at < 0) throw new EncoderFileError(tokenizerFile, '"post_processor" leaves the text out');
  return { before: tokens.slice(0, at), after: tokens.slice(at + 1) };
}

/** Older files say `add_prefix_space` where newer ones say `prepend_scheme`. */
function withPrefixScheme(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const { type, pretokenizers, prepend_scheme, add_prefix_space } = part as Record<string, unknown>;
  if (Array.isArray(pretokenizers)) {
    return { ...part, pretokenizers: pretokenizers.map(withPrefixScheme) };
  }
  if (type !== 'Metaspace' || prepend_scheme !== undefined) return part;
  return { ...part, prepend_scheme: add_prefix_space === false ? 'never' : 'always' };
}
