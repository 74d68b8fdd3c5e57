import { TrainyardError } from '../../../errors';
import { loadEncoder, type LoadedEncoder } from '../../../encoders/encoderFolder';
import type { Reading } from './readTexts';

/**
 * Reads the encoder in a folder, to read texts as asked for.
 *
 * @throws TrainyardError `config` when it cannot see so many tokens
 */
export function openEncoder(folder: string, { max_length }: Reading): LoadedEncoder {
  const encoder = loadEncoder(folder);
  if (max_length <= encoder.context) return encoder;
  throw new TrainyardError(
    'config',
    'context_too_long',
    `model_options.max_length is ${max_length}, and this encoder sees ${encoder.context} tokens at most`,
  );
}
