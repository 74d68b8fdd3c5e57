import { connect } from 'node:net';
import { installationHeader } from '../../observability';
import { TrainyardError } from '../../errors';

/** Whether something listens there; a frozen process still does. */
export function isAnswering(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    const answer = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

/** Whether an HTTP server answers 200 there. */
export async function answers200(url: string): Promise<boolean> {
  return (await ask(url)).status === 200;
}

/**
 * Whether a process of this installation answers 200 there.
 * @throws TrainyardError `port_taken` when somebody else answers
 */
export async function answersAs(url: string, installation: string): Promise<boolean> {
  const { status, headers } = await ask(url);
  const other = headers.get(installationHeader);
  if (other !== installation) throw portTaken(url, other !== null);
  return status === 200;
}

async function ask(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(4000) });
  await response.arrayBuffer();
  return response;
}

function portTaken(url: string, byTrainyard: boolean): TrainyardError {
  const who = byTrainyard ? 'another Trainyard installation' : 'another program';
  return new TrainyardError(
    'config',
    'port_taken',
    `${who} listens on port ${new URL(url).port}, which it took while this one started; ` +
      'end it, or start again, on another port where one was asked for (TRAINYARD_PORT, TRAINYARD_SERVING_PORT, TRAINYARD_WORKER_PORT)',
    500,
  );
}
