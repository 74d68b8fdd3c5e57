import { lanes, type Attack } from './target';
import { send } from './send';

const guessesInFlight = 64;
const connections = 32;
const pathBytes = 12_000;

/** Wrong passwords for the victim's account. @param addresses from how many they come */
export function wrongSignIns(addresses: number): Attack {
  return ({ url, victimEmail }, answers, signal) => {
    const basic = Buffer.from(`${victimEmail}:wrong password`).toString('base64');
    return lanes(guessesInFlight, signal, async (lane) => {
      const from = `127.0.1.${1 + (lane % addresses)}`;
      const headers = { authorization: `Basic ${basic}` };
      answers.add(await send({ url: `${url}/api/v2/user/login`, headers, from, signal }));
    });
  };
}

/** Paths as long as they may be, by somebody without a token. */
export const longPaths: Attack = ({ url }, answers, signal) =>
  lanes(connections, signal, async () => {
    const path = `/api/v2/model/${'x'.repeat(pathBytes)}`;
    answers.add(await send({ url: `${url}${path}`, signal }));
  });
