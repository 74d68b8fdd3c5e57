import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from 'koa';
import type { Streamed } from './reply';

/**
 * Sends bytes. A stream that breaks cuts the connection, so that the client does not take half a
 * file for a whole one; a client that leaves ends the stream.
 */
export async function sendStreamed(ctx: Context, reply: Streamed): Promise<void> {
  ctx.status = reply.status;
  ctx.set(reply.headers);
  ctx.set('Content-Type', reply.mediaType);
  if (!(reply.body instanceof Readable)) return void (ctx.body = reply.body);
  if (ctx.method === 'HEAD') {
    reply.body.destroy();
    return void ctx.res.end();
  }
  ctx.respond = false;
  try {
    await pipeline(reply.body, ctx.res);
  } catch (error) {
    if (!ctx.res.destroyed || !isPrematureClose(error)) throw error;
  }
}

function isPrematureClose(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}
