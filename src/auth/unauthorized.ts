import { TrainyardError } from '../errors';

/** The three things that can be wrong with a token, in the words that v2 clients know. */
export function noToken(): TrainyardError {
  return new TrainyardError('config', 'no_token', 'no token found', 401);
}

export function tokenExpired(): TrainyardError {
  return new TrainyardError('config', 'token_expired', 'token is expired', 401);
}

export function tokenUnauthorized(): TrainyardError {
  return new TrainyardError('config', 'token_unauthorized', 'token is unauthorized', 401);
}
