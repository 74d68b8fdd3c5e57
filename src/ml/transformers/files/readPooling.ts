import type { Pooling } from '../encoderConfig';
import { EncoderFileError } from './encoderFileError';
import { JsonFields, parseJson } from './jsonFields';

export const modulesFile = 'modules.json';

/** How an encoder's folder says that the states of a text's tokens become one embedding. */
export interface PoolingChoice {
  pooling: Pooling;
  /** Whether the embedding is then brought to length 1. */
  normalize: boolean;
}

/** A folder without `modules.json` is a plain Hugging Face model, which says nothing about it. */
const unsaid: PoolingChoice = { pooling: 'mean', normalize: false };

/** Ways of pooling that sentence-transformers knew up to version 5, and ours for each; null: we have none. */
const modes: Readonly<Record<string, Pooling | null>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: null,
  pooling_mode_mean_sqrt_len_tokens: null,
  pooling_mode_weightedmean_tokens: null,
  pooling_mode_lasttoken: null,
};

/**
 * Reads `modules.json` and the pooling module's `config.json`.
 * @param fileOf content of a file of the folder, by its path
 * @throws EncoderFileError for modules and ways of pooling that we do not know
 */
export function readPooling(
  fileOf: (path: string) => Uint8Array | undefined,
  hidden: number,
): PoolingChoice {
  const content = fileOf(modulesFile);
  if (content === undefined) return unsaid;
  const choice = { ...unsaid };
  for (const [i, module] of readModules(content).entries()) {
    const kind = module.text('type').split('.').at(-1)!;
    if (kind === 'Pooling') choice.pooling = poolingOf(module, fileOf, hidden);
    else if (kind === 'Normalize') choice.normalize = true;
    else if (kind !== 'Transformer' || i !== 0) {
      module.refuse('type', 'Transformer first, then Pooling and Normalize');
    }
  }
  return choice;
}

function readModules(content: Uint8Array): JsonFields[] {
  const list = parseJson(modulesFile, content);
  if (!Array.isArray(list)) throw new EncoderFileError(modulesFile, 'expected a list of modules');
  return list.map((module, i) => JsonFields.of(modulesFile, `${i}.`, module));
}

/** Paths of the other files that `modules.json` makes part of the encoder. */
export function poolingFiles(modules: Uint8Array): string[] {
  return readModules(modules)
    .filter((module) => module.text('type').endsWith('.Pooling'))
    .map(poolingFile);
}

function poolingFile(module: JsonFields): string {
  const folder = module.text('path');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(folder)) {
    module.refuse('path', 'a folder name of letters, digits, "_" and "-"');
  }
  return `${folder}/config.json`;
}

function poolingOf(
  module: JsonFields,
  fileOf: (path: string) => Uint8Array | undefined,
  hidden: number,
): Pooling {
  const file = poolingFile(module);
  const content = fileOf(file);
  if (content === undefined) {
    throw new EncoderFileError(file, `is missing, but ${modulesFile} names it`);
  }
  const fields = JsonFields.parse(file, content);
  for (const name of ['word_embedding_dimension', 'embedding_dimension']) {
    fields.wholeNumber(name, { least: hidden, most: hidden, fallback: hidden });
  }
  // What later versions write, and what counts for them where both are there.
  if (fields.has('pooling_mode')) return fields.oneOf('pooling_mode', ['mean', 'cls']);
  const chosen = fields
    .names()
    .filter((name) => name.startsWith('pooling_mode_') && fields.flag(name, false));
  const [mode] = chosen;
  if (mode === undefined || chosen.length > 1 || !modes[mode]) {
    throw new EncoderFileError(
      file,
      `pools by ${chosen.join(' and ') || 'nothing'}; expected exactly one of ${known().join(', ')}`,
    );
  }
  return modes[mode];
}

function known(): string[] {
  return Object.keys(modes).filter((name) => modes[name]);
}
