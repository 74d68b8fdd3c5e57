import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { TrainyardError } from '../errors';

export interface BodyLimits {
  /** Larger bodies are refused with 413. */
  maxBytes: number;
  /** Bodies that take longer are refused with 408. @default 60,000 ms */
  maxMs?: number;
}

/** The client went away before its request was complete: nobody is left to answer. */
export class ClientGone extends Error {}

/**
 * Reads a body into memory. What is refused is left unread: `drainUnread` takes it away after the reply.
 * @throws TrainyardError 408, 413, or 415 for a `Content-Encoding`
 * @throws ClientGone
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, maxMs = 60_000 }: BodyLimits,
): Promise<Buffer> {
  refuseEncoding(request);
  const length = request.headers['content-length'];
  const body = getRawBody(request, {
    limit: maxBytes,
    ...(length === undefined ? {} : { length }),
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(maxMs)), maxMs);
  });
  try {
    return await Promise.race([body, tooLate]);
  } catch (error) {
    if (error instanceof TrainyardError) throw error;
    throw isTooLarge(error) ? tooLarge(maxBytes) : new ClientGone();
  } finally {
    clearTimeout(timer);
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as Partial<getRawBody.RawBodyError>).type === 'entity.too.large';
}

function refuseEncoding(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  const message = `Content-Encoding ${JSON.stringify(encoding)} is not supported: send the body as it is`;
  throw new TrainyardError('config', 'unsupported_encoding', message, 415);
}

function tooLarge(maxBytes: number): TrainyardError {
  const kibibytes = maxBytes / 1024;
  const most =
    kibibytes < 1
      ? `${maxBytes} bytes`
      : kibibytes < 1024
        ? `${kibibytes} KiB`
        : `${kibibytes / 1024} MiB`;
  const message = `the request body is larger than ${most}, which is the most that is taken here`;
  return new TrainyardError('limit', 'body_too_large', message, 413);
}

function tooSlow(maxMs: number): TrainyardError {
  const message = `the request body was not complete after ${maxMs / 1000} s, which is as long as it may take`;
  return new TrainyardError('limit', 'body_too_slow', message, 408);
}
