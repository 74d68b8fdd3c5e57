import { isDatabaseUnavailable } from '../../src/database/availability';
import { databaseErrorCode } from '../../src/database/constraints';
import { LimitReached, TrainyardError } from '../../src/errors';

/** An error as it leaves through HTTP. */
export interface HttpFailure {
  status: number;
  code: string;
  message: string;
  headers: Readonly<Record<string, string>>;
  /** Operators must hear of it. */
  log: boolean;
}

/** An error with headers of its own, such as `Allow` with 405. */
export class HeaderedError extends TrainyardError {
  constructor(
    status: number,
    code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>>,
  ) {
    super('config', code, message, status);
  }
}

/** What a caller may read of anything that was thrown: never a stack, a path or a statement. */
export function explainFailure(error: unknown, requestId: string): HttpFailure {
  if (error instanceof TrainyardError && error.kind !== 'bug') {
    const { status, code, message } = error;
    const log = status >= 500 && !(error instanceof LimitReached);
    return { status, code, message, headers: headersOf(error), log };
  }
  return databaseFailure(error) ?? internalFailure(requestId);
}

function headersOf(error: TrainyardError): Readonly<Record<string, string>> {
  if (error instanceof HeaderedError) return error.headers;
  if (error instanceof LimitReached) return { 'Retry-After': String(error.retryAfterSeconds) };
  return error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
}

function internalFailure(requestId: string): HttpFailure {
  const message = `internal error; the log has the reason under request id ${requestId}`;
  return { status: 500, code: 'internal_error', message, headers: {}, log: true };
}

/** Characters that PostgreSQL cannot store: NUL in text and in JSON, half of a surrogate pair. */
const unstorable = new Set(['22021', '22P05', '22P02']);

function databaseFailure(error: unknown): HttpFailure | undefined {
  const code = databaseErrorCode(error);
  if (code !== undefined && unstorable.has(code)) {
    const message = 'the request has text that cannot be stored, such as a NUL character';
    return { status: 422, code: 'unstorable_text', message, headers: {}, log: false };
  }
  if (code === '23503') {
    const message = 'something that the request refers to was deleted at the same time';
    return { status: 409, code: 'deleted_meanwhile', message, headers: {}, log: false };
  }
  if (!isDatabaseUnavailable(error)) return undefined;
  const message = 'the database is not available at the moment; try again';
  return { status: 503, code: 'database_unavailable', message, headers: retryAfter, log: true };
}

const retryAfter = { 'Retry-After': '1' };
