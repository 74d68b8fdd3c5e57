import { z } from 'zod';
import { statuses } from '../../../../src/database/models/status';
import { pageQuery } from '../../../core/pageQuery';

export const uploadsQuery = pageQuery('uploads', 100);

const listedFile = z.object({ name: z.string(), bytes: z.number() });

export const uploadReply = z.object({
  upload_id: z.uuid(),
  user_id: z.uuid(),
  username: z.string(),
  created_at: z.string(),
  file_count: z.number(),
  bytes: z.number().meta({ description: 'Of all files together.' }),
  files: z.array(listedFile).meta({ description: 'In the order of their names.' }),
  used_by: z
    .array(z.object({ model_id: z.uuid(), model_name: z.string(), train_status: z.enum(statuses) }))
    .meta({ description: 'Models whose trainings read it, the newest 100.' }),
});

/** Strings only: v2 clients read this reply into a map of strings. */
export const sentReply = z.object({
  upload_id: z.uuid(),
  file_count: z.string().meta({ description: 'How many files were kept, in digits.' }),
  bytes: z.string().meta({ description: 'Bytes of all files together, in digits.' }),
  files: z.string().meta({
    description:
      'A line for each file in the order of their names: its bytes, a space, its name. The first 1000, then how many more.',
  }),
  warnings: z.string().optional().meta({
    description: 'Only when there are: names that look alike and are not, a line each.',
  }),
});
