/** The name of the unique constraint that a statement broke, or undefined for any other error. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = driverError(error);
  return cause?.code === '23505' ? cause.constraint : undefined;
}

/** PostgreSQL's five-character error code, if the database is what failed. */
export function databaseErrorCode(error: unknown): string | undefined {
  const code = driverError(error)?.code;
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

function driverError(error: unknown): { code?: string; constraint?: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  // The ORM wraps the driver's error, which has the code; outside it the driver's comes bare.
  const wrapped = (error as { driverError?: unknown }).driverError;
  return (wrapped instanceof Error ? wrapped : error) as { code?: string; constraint?: string };
}

/** `databaseErrorCode` of a row that refers to one that is not there, or is still referred to. */
export const foreignKeyBroken = '23503';
