import { z } from 'zod';
import { text } from '../../core/fields';

/** An empty or missing name is 400 here, where it is 422 elsewhere: v2 clients expect it. */
export const newTeamBody = z.object({
  name: z
    .union([z.literal(''), text(100)])
    .default('')
    .meta({ type: 'string', anyOf: undefined, minLength: 1, maxLength: 100 }),
});

export const teamIdReply = z.object({ team_id: z.uuid() });

export const teamReply = z.object({ id: z.uuid(), name: z.string() });

export const memberReply = z.object({
  user_id: z.uuid(),
  username: z.string(),
  email: z.string(),
  team_admin: z.boolean(),
});
