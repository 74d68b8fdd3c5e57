import type { z } from 'zod';
import { TrainyardError } from '../../src/errors';
import { isUuid } from '../../src/support/uuid';

/** The names in the path: UUIDs (in lower case) unless the route declares otherwise. */
export function checkParams(
  params: Readonly<Record<string, string>>,
  schema: z.ZodType | undefined,
): Record<string, string> {
  if (!schema) {
    const checked = Object.entries(params).map(([name, value]) => [name, checkUuid(value)]);
    return Object.fromEntries(checked) as Record<string, string>;
  }
  const result = schema.safeParse(params);
  if (result.success) return result.data as Record<string, string>;
  const message = result.error.issues
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('\n');
  throw new TrainyardError('config', 'invalid_path', message, 400);
}

/** Whether the names in a path can be what the route takes. */
export function areValidParams(
  params: Readonly<Record<string, string>>,
  schema: z.ZodType | undefined,
): boolean {
  if (schema) return schema.safeParse(params).success;
  return Object.values(params).every(isUuid);
}

function checkUuid(value: string): string {
  if (isUuid(value)) return value.toLowerCase();
  throw new TrainyardError('config', 'invalid_uuid', `invalid uuid '${value}' provided`, 400);
}
