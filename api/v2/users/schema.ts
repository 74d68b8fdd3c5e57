import { z } from 'zod';
import { text, time } from '../../core/fields';

/** A colon ends the address in HTTP Basic, so one with a colon could never sign in. */
const email = text(254).refine((value) => !value.includes(':'), { error: 'must not contain ":"' });

/** Hashing takes time with the length: a bound keeps a request from costing more than any other. */
const password = text(1000);

export const accountBody = z.object({ username: text(50), email, password });

export const userIdReply = z.object({ user_id: z.uuid() });

export const loginReply = z.object({ user_id: z.uuid(), access_token: z.string() });

export const userReply = z.object({
  id: z.uuid(),
  username: z.string(),
  email: z.string(),
  admin: z.boolean(),
  teams: z.array(z.object({ team_id: z.uuid(), team_name: z.string(), team_admin: z.boolean() })),
});

export const newTokenBody = z.object({
  name: text(100),
  expires_in_days: z.int().min(1).max(3650).nullish().meta({
    description: 'Days until it ends; absent: it does not end by itself.',
  }),
});

const tokenFields = {
  token_id: z.uuid(),
  name: z.string(),
  created_at: time,
  expires_at: time.nullable(),
};

export const tokenReply = z.object(tokenFields);

export const newTokenReply = z.object({
  token_id: z.uuid(),
  token: z.string().meta({ description: 'Shown this once; keep it.' }),
  name: z.string(),
  expires_at: time.nullable(),
});
