import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedEncoder } from '../encoders/encoderFolder';
import { tokenizerFile } from '../ml/transformers/files/tokenizer/tokenizer';
import type { EncoderChoice } from './encoderChoice';

/** What `train.json` says of the encoder. */
export function encoderFacts(choice: EncoderChoice, { config, normalize }: LoadedEncoder) {
  const { name, hash, training, max_length, long_texts } = choice;
  const { family, layers, hidden, pooling } = config;
  return {
    name,
    hash,
    training,
    max_length,
    long_texts,
    family,
    layers,
    hidden,
    pooling,
    normalize,
  };
}

/** The encoder's tokenizer, as it goes into bundles. */
export function tokenizerOf(inputs: string): Uint8Array {
  return readFileSync(join(inputs, 'encoder', tokenizerFile));
}
