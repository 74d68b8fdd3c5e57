/**
 * What went wrong, seen from the person who must act on it.
 * - `data`: the caller's rows, files or documents
 * - `config`: the caller's options or the operator's settings
 * - `limit`: a bound on size, memory, time or count was reached
 * - `infrastructure`: a disk, network, database or process failed; the only kind that is tried again
 * - `bug`: ours
 */
export type FailureKind = 'data' | 'config' | 'limit' | 'infrastructure' | 'bug';

/**
 * An error that a person can act on. `message` says what was given, what is allowed, where, and
 * what to do next; it never carries a server path, a stack or a secret.
 */
export class TrainyardError extends Error {
  constructor(
    readonly kind: FailureKind,
    /** Stable, snake_case; shown in brackets after the message. */
    readonly code: string,
    message: string,
    /** HTTP status when the error leaves through the API. @default 422 */
    readonly status = 422,
  ) {
    super(message);
    this.name = 'TrainyardError';
  }

  /** The message with its code, as people read it: `column "labl" is not in … [unknown_column]`. */
  get text(): string {
    return `${this.message} [${this.code}]`;
  }
}

/**
 * A refusal because of how much is asked for at once. It passes by itself: the reply says after how
 * many seconds to try again (`Retry-After`), and the API counts each in
 * `trainyard_limits_reached_total` under its code.
 */
export class LimitReached extends TrainyardError {
  constructor(
    code: string,
    message: string,
    /** Whole seconds after which another try makes sense, 1 or more. */
    readonly retryAfterSeconds: number,
    /**
     * 429 when this caller asks for too much, 503 when all callers together do, 507 when this caller
     * keeps too much. @default 429
     */
    status: 429 | 503 | 507 = 429,
  ) {
    super('limit', code, message, status);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
