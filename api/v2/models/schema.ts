import { z } from 'zod';
import { accesses, defaultPermissions } from '../../../src/database/models/models';
import { statuses } from '../../../src/database/models/status';
import { optionalBlank, time } from '../../core/fields';
import { pageQuery } from '../../core/pageQuery';

const messages = z.array(z.string());

export const modelReply = z.object({
  model_id: z.uuid(),
  model_name: z.string(),
  type: z.string(),
  access: z.enum(accesses),
  train_status: z.enum(statuses),
  train_errors: messages,
  train_warnings: messages,
  deploy_status: z.enum(statuses),
  deploy_errors: messages,
  deploy_warnings: messages,
  publish_date: time,
  user_email: z.string(),
  username: z.string(),
  team_id: z.uuid().nullable(),
  attributes: z.record(z.string(), z.string()),
  dependencies: z.array(
    z.object({
      model_id: z.uuid(),
      model_name: z.string(),
      type: z.string(),
      username: z.string(),
    }),
  ),
});

export const modelsQuery = pageQuery('models', 1000);

export const pagingNote =
  'At most 1000 at a time: when there are more, the header X-Next-After has what to send as `after` for the next page.';

export const accessBody = z.object({
  access: z.enum(accesses),
  team_id: optionalBlank(z.uuid()).meta({
    description: 'Required with `protected`, else ignored.',
  }),
});

export const defaultPermissionBody = z.object({ permission: z.enum(defaultPermissions) });

export const permissionsReply = z.object({
  read: z.boolean(),
  write: z.boolean(),
  owner: z.boolean(),
  username: z.string(),
  exp: time.nullable().meta({ description: 'When your token ends; null: not by itself.' }),
});
