import type { Route } from './route';

/** What each status of a refusal means, for the API's documents. */
export const statusWords: Readonly<Record<number, string>> = {
  400: 'The body is not JSON, a value has the wrong type, or an id is no UUID.',
  401: 'No token, a wrong or expired one, or a wrong password.',
  403: 'The permission is too little.',
  404: 'What the request is about is not there.',
  408: 'The body took too long.',
  409: 'A name is taken, or something else stands against it at the moment.',
  413: 'The body, or a file, is too large.',
  415: 'The body is encoded, or the file is of another type.',
  422: 'Values that cannot be, or that do not go with the state of things.',
  429: 'Too much at once: try again after `Retry-After` seconds.',
  500: 'A fault of the server; its log has more under the request id.',
  502: 'The serving process broke off.',
  503: 'Not available at the moment: try again after `Retry-After` seconds.',
  504: 'The model did not begin to answer in time.',
  507: 'Little disk space is left.',
};

/** The statuses other than 200 that a route may answer with, as its declaration tells. */
export function statusesOf(declared: Route): number[] {
  const { policy, body, streamedBody, query, idempotent, before } = declared;
  const hasParams = declared.path.includes(':');
  const takesBody = body !== undefined || streamedBody !== undefined;
  const open = policy.credential === 'none' || policy.credential === 'password';
  const statuses = [
    ...(hasParams || takesBody || idempotent ? [400] : []),
    ...(policy.credential === 'none' ? [] : [401]),
    ...policy.refuses,
    ...(hasParams ? [404] : []),
    ...(takesBody ? [408, 413, 415] : []),
    ...(declared.method.every((method) => method === 'get') ? [] : [409]),
    ...(takesBody || hasParams || query || idempotent ? [422] : []),
    ...(before || (open && (takesBody || policy.credential === 'password')) ? [429] : []),
    ...(before ? [507] : []),
    ...(declared.refuses ?? []),
    500,
    503,
  ];
  return [...new Set(statuses)].sort((a, b) => a - b);
}
