import type { IncomingMessage } from 'node:http';
import { TrainyardError } from '../../errors';

/**
 * Reads a JSON body, whatever its Content-Type says.
 * @param maxBytes larger bodies are refused with 413 `body_too_large`
 * @throws InvalidJson
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const body = await readBody(request, maxBytes);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new InvalidJson(error instanceof Error ? error.message : String(error));
  }
}

/** The body is no JSON; the message says where and why. */
export class InvalidJson extends Error {}

/** The client went away before its request was complete. */
export class ClientGone extends Error {}

function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // What comes after is read and thrown away, so that the client gets to see the answer.
      if (bytes > maxBytes) {
        chunks.length = 0;
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', () => reject(new ClientGone()));
    request.on('close', () => reject(new ClientGone()));
  });
}

function tooLarge(maxBytes: number): TrainyardError {
  return new TrainyardError(
    'limit',
    'body_too_large',
    `the request body is over ${maxBytes / 1024 / 1024} MiB: send fewer or shorter texts at once`,
    413,
  );
}
