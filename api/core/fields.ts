import { z } from 'zod';

/** The reply of endpoints that have nothing to say. */
export const nothing = z.object({}).meta({ description: 'Always `{}`.' });

/** Takes `null`, `0`, `""` and absence for the same, as v2 clients send them. */
export function optionalBlank<T extends z.ZodType>(type: T) {
  return z.preprocess(
    (value) => (value === null || value === 0 || value === '' ? undefined : value),
    type.optional(),
  );
}

/** Required text without NUL characters, `longest` characters at most; refused with 422. */
export function text(longest: number) {
  return z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(longest, { error: `must have ${longest} characters at most` })
    .refine((value) => !value.includes('\0'), { error: 'must not contain NUL characters' });
}

/** An RFC 3339 time in UTC. */
export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });
