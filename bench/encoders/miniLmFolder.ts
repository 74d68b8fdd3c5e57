import { join } from 'node:path';
import type { Reading } from '../../src/model-types/nlp-text/encoder/readTexts';

/** all-MiniLM-L6-v2 in TRAINYARD_ENCODERS (default `../shared/encoders`). */
export const miniLmFolder = join(
  process.env['TRAINYARD_ENCODERS'] ?? join('..', 'shared', 'encoders'),
  'all-MiniLM-L6-v2',
);

/** How texts are read in these benches, except where one says otherwise. */
export const reading: Reading = { max_length: 64, long_texts: 'truncate' };
