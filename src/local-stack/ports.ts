import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ranges from which systems take ports for outgoing connections. */
const first = 15_000;
const last = 32_000;

/** Whether something could listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A free port that no outgoing connection will take while its process restarts. */
export async function freePort(host = '127.0.0.1', taken: readonly number[] = []): Promise<number> {
  for (;;) {
    const port = randomInt(first, last);
    if (!taken.includes(port) && (await isFree(port, host))) return port;
  }
}
