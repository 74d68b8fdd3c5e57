import type { JsonFields } from '../jsonFields';
import type { LibraryModel } from './library';

/** Files of the library's first years leave the model's kind out; like the library we tell it by the fields. */
export function withModelKind(tokenizer: JsonFields): JsonFields {
  const model = tokenizer.object('model');
  if (model.has('type')) return tokenizer;
  const type = kindOf(model);
  if (type === undefined) return tokenizer;
  return tokenizer.with({ model: { ...(tokenizer.value('model') as object), type } });
}

function kindOf(model: JsonFields): string | undefined {
  if (Array.isArray(model.value('vocab'))) return 'Unigram';
  if (model.has('merges')) return 'BPE';
  if (model.has('max_input_chars_per_word')) return 'WordPiece';
  return undefined;
}

/** The library joins unknown tokens that follow each other; the reference does so only within a word. */
export function exactModel(given: LibraryModel): void {
  if (!given.fuse_unk) return;
  const tokensOf = given._call.bind(given);
  given._call = (words) => words.flatMap((word) => tokensOf([word]));
}
