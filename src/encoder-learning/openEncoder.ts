import { TrainyardError } from '../errors';
import { loadEncoder, type LoadedEncoder } from '../encoders/encoderFolder';
import type { EncoderConfig } from '../ml/transformers/encoderConfig';
import type { Reading } from './readTexts';

/**
 * Reads the encoder in a folder, to read texts as asked for.
 *
 * @param accept may refuse it before its weights are read
 * @throws TrainyardError `config` when it cannot see so many tokens
 */
export function openEncoder(
  folder: string,
  { max_length }: Reading,
  accept: (config: EncoderConfig) => void = () => undefined,
): LoadedEncoder {
  return loadEncoder(folder, ({ config, context }) => {
    if (max_length > context) throw contextTooLong(max_length, context);
    accept(config);
  });
}

function contextTooLong(length: number, context: number): TrainyardError {
  return new TrainyardError(
    'config',
    'context_too_long',
    `model_options.max_length is ${length}, and this encoder sees ${context} tokens at most`,
  );
}
