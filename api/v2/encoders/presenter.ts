import type { z } from 'zod';
import type { Encoder } from '../../../src/database/models/encoders';
import { encoderFamilies } from '../../../src/ml/transformers/encoderConfig';
import type { encoderReply } from './schema';

/** Where its files lie, and where an operator had it from, is not for callers. */
export function presentEncoder(encoder: Encoder): z.input<typeof encoderReply> {
  const { name, dims, max_length, context_length, hash, bytes, licence } = encoder;
  const family = encoderFamilies.find((known) => known === encoder.family)!;
  const added_at = encoder.added_at.toISOString();
  return { name, family, dims, max_length, context_length, hash, bytes, licence, added_at };
}
