import type { Encoder } from '../../../../src/database/models/encoders';
import type { EncoderChoice } from '../../../../src/encoder-learning/encoderChoice';
import type { EncoderOptions } from './fields';
import type { Check } from './remarks';

/** Fewer leave no room for a word between the special tokens. */
const leastLength = 8;

/** The encoder that a request names, and how it is to be trained; null: n-grams. */
export function planEncoder(
  given: EncoderOptions | null | undefined,
  encoders: readonly Encoder[],
  check: Check,
): EncoderChoice | null {
  if (given?.encoder === undefined) return null;
  const { training = 'frozen', long_texts = 'window' } = given;
  check(
    isTraining(training),
    `model_options.training is "${training}", allowed are "frozen" and "full"`,
  );
  check(
    isLongTexts(long_texts),
    `model_options.long_texts is "${long_texts}", allowed are "window" and "truncate"`,
  );
  const encoder = encoders.find(({ name }) => name === given.encoder);
  check(encoder !== undefined, `model_options.encoder is "${given.encoder}", ${known(encoders)}`);
  if (!encoder || !isTraining(training) || !isLongTexts(long_texts)) return null;
  const length = given.max_length ?? encoder.max_length;
  check(
    length >= leastLength && length <= encoder.context_length,
    `model_options.max_length is ${length}, allowed are ${leastLength} to ${encoder.context_length} tokens with encoder "${encoder.name}"`,
  );
  return {
    name: encoder.name,
    hash: encoder.hash,
    training,
    max_length: length,
    long_texts,
    quantize: given.quantize ?? false,
  };
}

/** The size of steps, where there are any; clients that have no choice to make send 0. */
export function planSteps(
  given: EncoderOptions | null | undefined,
  steps: { learning_rate?: number | undefined; batch_size?: number | undefined } | null | undefined,
  check: Check,
): { learning_rate: number | null; batch_size: number | null } {
  if (given?.encoder === undefined || given.training !== 'full') {
    return { learning_rate: null, batch_size: null };
  }
  const rate = steps?.learning_rate || null;
  check(
    rate === null || (rate > 0 && rate <= 1),
    `train_options.learning_rate is ${String(rate)}, allowed is more than 0, at most 1`,
  );
  const batch = steps?.batch_size || null;
  check(
    batch === null || (batch > 0 && batch <= 4096),
    `train_options.batch_size is ${String(batch)}, allowed are 1 to 4096`,
  );
  return { learning_rate: rate, batch_size: batch };
}

function known(encoders: readonly Encoder[]): string {
  if (encoders.length === 0) {
    return 'but there is no encoder yet: an operator adds one with `trainyard encoders add`';
  }
  return `there are ${encoders.map(({ name }) => `"${name}"`).join(', ')}`;
}

function isTraining(value: string): value is EncoderChoice['training'] {
  return value === 'frozen' || value === 'full';
}

function isLongTexts(value: string): value is EncoderChoice['long_texts'] {
  return value === 'window' || value === 'truncate';
}
