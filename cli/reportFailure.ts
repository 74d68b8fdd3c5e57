import { TrainyardError } from '../src/errors';

/** The last word of a command that failed: what to do for what we foresaw, a stack for what we did not. */
export function reportFailure(error: unknown): void {
  const text =
    error instanceof TrainyardError
      ? error.text
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
