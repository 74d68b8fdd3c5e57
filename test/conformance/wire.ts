import { request, type IncomingHttpHeaders } from 'node:http';
import { ApiClient } from '../support/apiClient';
import type { Parts } from '../support/parts';

/** A reply as it came over the wire. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Asking {
  token?: string | undefined;
  /** Sent as it is; anything but a string as JSON, as Go's encoder ends it: with a newline. */
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * One request with nothing added to it: no Content-Type, no Accept, and a body with any method, as
 * v2 clients send them.
 */
export function ask(
  origin: string,
  method: string,
  path: string,
  { token, body, headers = {} }: Asking = {},
): Promise<Reply> {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(text);
  return new Promise((done, failed) => {
    const outgoing = request(
      `${origin}${path}`,
      {
        method,
        agent: false,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-length': bytes.length }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', failed);
        incoming.once('end', () =>
          done({
            status: incoming.statusCode!,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.once('error', failed);
    outgoing.end(bytes);
  });
}

/** Somebody new, signed in. */
export async function person(parts: Parts, name: string): Promise<ApiClient & { userId: string }> {
  const client = new ApiClient(parts.url('api'));
  const password = `${name} has a long password`;
  const userId = await client.signUp(name, `${name}@example.org`, password);
  await client.login(`${name}@example.org`, password);
  return Object.assign(client, { userId });
}

/** Whether a reply is a map of strings, which is what v2 clients decode some replies into. */
export function isStringMap(reply: unknown): boolean {
  const plain = typeof reply === 'object' && reply !== null && !Array.isArray(reply);
  return plain && Object.values(reply).every((value) => typeof value === 'string');
}

export const nobodysId = '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b';
