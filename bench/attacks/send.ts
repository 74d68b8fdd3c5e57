import { Agent, request, type OutgoingHttpHeaders } from 'node:http';

/** A request of an attacker. */
export interface Attempt {
  url: string;
  method?: 'GET' | 'POST';
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Where it comes from: all of 127.0.0.0/8 is this machine. @default 127.0.0.2 */
  from?: string;
  signal: AbortSignal;
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

/** @returns the status, once all of the answer is there; or `cut` where the connection ended before */
export function send(attempt: Attempt): Promise<number | 'cut'> {
  const { url, method = 'GET', headers = {}, body, from = '127.0.0.2', signal } = attempt;
  return new Promise((resolve) => {
    const options = { agent, method, headers, localAddress: from, signal };
    const sent = request(url, options, (response) => {
      response.resume();
      response.on('error', () => resolve('cut'));
      response.on('end', () => resolve(response.statusCode!));
      response.on('close', () => resolve('cut'));
    });
    sent.on('error', () => resolve('cut'));
    sent.end(body);
  });
}

export const bearer = (token: string): OutgoingHttpHeaders => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});
