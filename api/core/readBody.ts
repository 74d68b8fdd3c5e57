import type { IncomingMessage } from 'node:http';
import { TrainyardError } from '../../src/errors';

/** How long a body that is read into memory may take. */
const slowestBodyMs = 60_000;

/**
 * Reads a body into memory.
 * @throws TrainyardError 413 over `maxBytes`, 408 when it takes longer than a minute
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  refuseEncoding(request);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const late = setTimeout(() => request.destroy(tooSlow()), slowestBodyMs);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    // Left open on an early exit, so that the reply still reaches the client.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(late);
  }
}

function refuseEncoding(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  const message = `Content-Encoding ${JSON.stringify(encoding)} is not supported: send the body as it is`;
  throw new TrainyardError('config', 'unsupported_encoding', message, 415);
}

function tooLarge(maxBytes: number): TrainyardError {
  const message = `the request body is larger than ${maxBytes} bytes, which is the most that is taken here`;
  return new TrainyardError('limit', 'body_too_large', message, 413);
}

function tooSlow(): TrainyardError {
  return new TrainyardError('limit', 'body_too_slow', 'the request body took too long', 408);
}
