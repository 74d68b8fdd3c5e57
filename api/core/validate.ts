import type { z } from 'zod';
import { TrainyardError } from '../../src/errors';
import { matchKeys } from '../../src/http/matchKeys';
import { badBody } from './badBody';

type Issue = z.core.$ZodIssue & { input?: unknown };

/**
 * A JSON body under its schema. A value of the wrong type is 400, a missing or impossible one 422,
 * and each reply names everything that is wrong.
 */
export function validateBody<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  const value = json === null ? {} : matchKeys(schema, json);
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issues: Issue[] = result.error.issues;
  const malformed = issues.filter(isMalformed);
  if (malformed.length > 0) throw badBody(describeAll(malformed).join('; '));
  throw new TrainyardError('config', 'invalid_request', describeAll(issues).join('\n'), 422);
}

/** The query under its schema; the first of repeated values counts, and an empty one is absent. */
export function validateQuery<T extends z.ZodType>(
  schema: T,
  query: Record<string, string | string[] | undefined>,
): z.output<T> {
  const first = Object.entries(query)
    .map(([name, value]) => [name, Array.isArray(value) ? value[0] : value] as const)
    .filter(([, value]) => value !== undefined && value !== '');
  const result = schema.safeParse(Object.fromEntries(first), { reportInput: true });
  if (result.success) return result.data;
  const message = result.error.issues.map((issue) => `query ${describe(issue)}`).join('\n');
  throw new TrainyardError('config', 'invalid_query', message, 422);
}

function isMalformed(issue: Issue): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') {
    return issue.input !== undefined;
  }
  return issue.code === 'invalid_format' && issue.format === 'uuid';
}

/** Nobody reads more at once, and a body may have 100,000 things wrong with it. */
const maxDescribed = 100;

function describeAll(issues: Issue[]): string[] {
  const described = issues.slice(0, maxDescribed).map(describe);
  const more = issues.length - described.length;
  return more === 0 ? described : [...described, `and ${more} more`];
}

/** `data.supervised_files[0].path: expected string, received number`. */
function describe(issue: Issue): string {
  const path = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  const reason = missing ? 'is required' : issue.message.replace(/^Invalid input: /, '');
  if (path === '') return reason;
  return missing ? `${path} ${reason}` : `${path}: ${reason}`;
}
