import { TrainyardError } from '../../src/errors';

/** A 400 in the words that v2 clients know. */
export function badBody(reason: string): TrainyardError {
  return new TrainyardError(
    'config',
    'bad_request_body',
    `error parsing request body: ${reason}`,
    400,
  );
}
