import { z } from 'zod';
import { encoderFamilies } from '../../../src/ml/transformers/encoderConfig';
import { time } from '../../core/fields';

export const encoderReply = z.object({
  name: z.string().meta({ description: 'What `model_options.encoder` takes.' }),
  family: z.enum(encoderFamilies),
  dims: z.int().meta({ description: 'Numbers in an embedding.' }),
  max_length: z.int().meta({ description: 'Tokens of a text that its authors recommend at most.' }),
  context_length: z.int().meta({ description: 'Tokens of a text that it can take at most.' }),
  hash: z.string().meta({ description: 'sha256 of its files: the same hash is the same encoder.' }),
  bytes: z.int(),
  licence: z
    .string()
    .nullable()
    .meta({ description: 'As its authors state it; null: they do not.' }),
  added_at: time,
});
