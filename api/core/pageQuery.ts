import { z } from 'zod';
import { isCursor } from '../../src/database/models/modelViews';

/**
 * The query of a list that is given in pages.
 *
 * @param what it lists, for the description
 * @param most of them in a page, and how many there are when nothing is asked for
 */
export function pageQuery(what: string, most: number) {
  return z.object({
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(most)
      .default(most)
      .meta({ description: `How many ${what} at most.` }),
    after: z
      .string()
      .refine(isCursor, { error: 'is not an X-Next-After header of an earlier page' })
      .optional()
      .meta({ description: 'The X-Next-After header of the page before.' }),
  });
}
