import { JsonFields } from './jsonFields';

export const tokenizerConfigFile = 'tokenizer_config.json';
export const sentenceConfigFile = 'sentence_bert_config.json';

/** Larger ones are the library's way to say that there is no limit. */
const noLimit = 10_000_000;

/**
 * The most tokens (special ones counted) that a folder's authors recommend: `max_seq_length` of
 * sentence-transformers, else `model_max_length` of the tokenizer, never more than the context.
 * @param fileOf content of a file of the folder, by its path
 */
export function readMaxLength(
  fileOf: (path: string) => Uint8Array | undefined,
  context: number,
): number {
  const said = [
    read(fileOf(sentenceConfigFile), sentenceConfigFile, 'max_seq_length'),
    read(fileOf(tokenizerConfigFile), tokenizerConfigFile, 'model_max_length'),
  ].filter((length) => length !== undefined);
  return Math.min(context, ...said.slice(0, 1));
}

function read(content: Uint8Array | undefined, file: string, name: string): number | undefined {
  if (content === undefined) return undefined;
  const fields = JsonFields.parse(file, content);
  if (!fields.has(name)) return undefined;
  const length = fields.number(name, { least: 3, most: Number.MAX_VALUE });
  return length > noLimit ? undefined : Math.floor(length);
}
