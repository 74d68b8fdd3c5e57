import { join } from 'node:path';
import type { EncoderChoice } from '../../src/encoder-learning/encoderChoice';
import type { Reading } from '../../src/encoder-learning/readTexts';

/** all-MiniLM-L6-v2 in TRAINYARD_ENCODERS (default `../shared/encoders`). */
export const miniLmFolder = join(
  process.env['TRAINYARD_ENCODERS'] ?? join('..', 'shared', 'encoders'),
  'all-MiniLM-L6-v2',
);

/** A choice of this encoder as options have it. Nothing here looks it up by its hash. */
export function miniLmChoice(training: 'frozen' | 'full', quantize: boolean): EncoderChoice {
  return { ...reading, name: 'all-MiniLM-L6-v2', hash: '0'.repeat(64), training, quantize };
}

/** How texts are read in these benches, except where one says otherwise. */
export const reading: Reading = { max_length: 64, long_texts: 'truncate' };
