import { databaseErrorCode } from './constraints';

/** Deadlock, serialization failure, statement and lock timeout: the same statement may work next time. */
const passing = new Set(['40P01', '40001', '57014', '55P03']);

/** Whether an error means that the database does not answer now, not that it was asked something wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === undefined ? isConnectionLoss(error) : isUnavailable(code);
}

/** Class 08: connection; 53: resources; 57P: shut down by an operator or a crash. */
function isUnavailable(code: string): boolean {
  return passing.has(code) || /^(08|53|57P)/.test(code);
}

/** The driver's own errors, which have no code of PostgreSQL's. */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const refused = syscall === 'connect' || code === 'ECONNRESET' || code === 'EPIPE';
  return (
    refused ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(
      error.message,
    )
  );
}
