import { z } from 'zod';
import { longestPassword } from '../../../src/auth/passwordRules';
import { text, time } from '../../core/fields';

/** A password that is given, not yet held against the rules for new ones. */
export const passwordField = text(longestPassword);

/** What can be said of an account by its fields alone; `createAccount` has the rules. */
export const accountBody = z.object({
  username: text(50).meta({
    description:
      'Unique, also in how it looks: case, spaces at the ends and letters of other scripts that look the same do not count.',
  }),
  email: text(254).meta({
    description: 'An address like name@example.org; unique in any case of its letters.',
  }),
  password: passwordField.meta({
    description:
      '8 characters or more, unless the operator says otherwise; neither the username nor the e-mail address.',
  }),
});

export const changePasswordBody = z.object({
  current_password: passwordField,
  new_password: passwordField.meta({ description: 'As at sign-up.' }),
  end_api_tokens: z.boolean().nullish().meta({ description: 'true: your API tokens end too.' }),
});

export const passwordResetReply = z.object({
  token: z.string().meta({ description: 'Shown this once.' }),
  path: z
    .string()
    .meta({ description: 'The page where it is used, below the address of the API.' }),
  expires_at: time,
});

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
