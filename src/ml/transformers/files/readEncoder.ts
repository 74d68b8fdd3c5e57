import { contextLength, type EncoderConfig } from '../encoderConfig';
import { EncoderFileError } from './encoderFileError';
import { configFile, readConfig } from './readConfig';
import { readMaxLength, sentenceConfigFile, tokenizerConfigFile } from './readMaxLength';
import { modulesFile, poolingFiles, readPooling } from './readPooling';
import { weightsFile } from './safetensors';
import { checkTextSettings, promptsFile } from './tokenizer/textSettings';
import { readTokenizer, tokenizerFile, type TextTokenizer } from './tokenizer/tokenizer';

/** Files that every encoder has, and those that it may have. Pooling's own come through `modules.json`. */
export const requiredFiles = [configFile, tokenizerFile, weightsFile] as const;
export const optionalFiles = [
  modulesFile,
  sentenceConfigFile,
  tokenizerConfigFile,
  promptsFile,
] as const;

/** An encoder apart from its weights. */
export interface Encoder {
  config: EncoderConfig;
  tokenizer: TextTokenizer;
  /** Whether its authors bring embeddings to length 1. */
  normalize: boolean;
  /** The most tokens (special ones counted) that its authors recommend for a text. */
  maxLength: number;
  /** The most tokens that it can take at all. */
  context: number;
}

/**
 * Reads and checks every file of an encoder's folder but the weights, for which there is `readWeights`.
 * @param files contents by path
 * @throws EncoderFileError
 */
export function readEncoder(files: ReadonlyMap<string, Uint8Array>): Encoder {
  const fileOf = (path: string): Uint8Array | undefined => files.get(path);
  const partial = readConfig(required(files, configFile));
  const { pooling, normalize } = readPooling(fileOf, partial.hidden);
  const config: EncoderConfig = { ...partial, pooling };
  const tokenizer = readTokenizer(required(files, tokenizerFile));
  if (tokenizer.largestId >= config.vocabulary) {
    throw new EncoderFileError(
      tokenizerFile,
      `has a token with id ${tokenizer.largestId}, but ${configFile} says "vocab_size" ${config.vocabulary}`,
    );
  }
  checkTextSettings(fileOf, tokenizer.lowerCases);
  const context = contextLength(config);
  return { config, tokenizer, normalize, maxLength: readMaxLength(fileOf, context), context };
}

/** Paths of all files of a folder that belong to the encoder, weights included. */
export function filesOfEncoder(modules: Uint8Array | undefined): string[] {
  return [...requiredFiles, ...optionalFiles, ...(modules ? poolingFiles(modules) : [])];
}

function required(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const content = files.get(path);
  if (content) return content;
  throw new EncoderFileError(path, 'is missing; an encoder needs it');
}
