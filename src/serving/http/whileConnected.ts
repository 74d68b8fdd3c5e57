import type { ServerResponse } from 'node:http';
import { ClientGone } from './readBody';

/** Runs `work` with a signal that is aborted when the client goes before it has its answer. */
export async function whileConnected<T>(
  response: ServerResponse,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (response.destroyed) throw new ClientGone();
  const gone = new AbortController();
  const leave = (): void => gone.abort(new ClientGone());
  response.once('close', leave);
  try {
    return await work(gone.signal);
  } finally {
    response.off('close', leave);
  }
}
