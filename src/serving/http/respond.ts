import type { ServerResponse } from 'node:http';

/** Every origin may call a deployed model with its token; no cookie is ever looked at. */
const cors = { 'access-control-allow-origin': '*' };

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  sendJsonParts(response, status, [Buffer.from(JSON.stringify(body))], headers);
}

/** Sends JSON that was put together from parts. */
export function sendJsonParts(
  response: ServerResponse,
  status: number,
  parts: Buffer[],
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': parts.reduce((sum, part) => sum + part.length, 0),
    ...cors,
    ...headers,
  });
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
}

export function sendText(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type, ...cors }).end(text);
}

/** The envelope of answers of deployed models. */
export function sendSuccess(response: ServerResponse, data: unknown): void {
  sendJson(response, 200, { status: 'success', message: 'Successful', data });
}

/** The envelope of failures that a person can act on. */
export function sendFailure(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, { status: 'failed', message, data: {} }, headers);
}

/** One answer for a missing, wrong or insufficient token. */
export function sendUnauthorized(response: ServerResponse): void {
  sendJson(response, 401, { detail: 'Invalid access token.' }, { 'www-authenticate': 'Bearer' });
}

export function sendUnknownPath(response: ServerResponse, path: string): void {
  sendJson(response, 404, { message: `Request path '${path}' doesn't exist` });
}

/** Answers a browser that asks whether another origin may call. */
export function sendPreflight(response: ServerResponse): void {
  response
    .writeHead(204, {
      ...cors,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type, x-api-key',
      'access-control-max-age': '300',
    })
    .end();
}
