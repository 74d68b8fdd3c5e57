import type { Context } from 'koa';

/** Aborts when the client goes away before its reply is complete, or the process is asked to stop. */
export function clientSignal(ctx: Context, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  if (stopping.aborted) stop();
  // Not AbortSignal.any: it keeps something of each request for as long as `stopping` lives.
  stopping.addEventListener('abort', stop);
  ctx.res.once('close', () => {
    stopping.removeEventListener('abort', stop);
    if (!ctx.res.writableFinished) stop();
  });
  return controller.signal;
}
