import type { IncomingMessage } from 'node:http';

/**
 * The whole body when its declared length is at most `maxBytes` (or it has none); undefined, with
 * nothing read, when it is larger or unknown.
 */
export async function readIfSmall(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
