import type { IncomingMessage } from 'node:http';
import { readInTurn } from './largeBodies';

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

/** Three bodies, each of which is read until it is told to end. */
async function mostAtOnce(headers: Record<string, string>, callers: (string | undefined)[]) {
  let [reading, most] = [0, 0];
  const read = async (): Promise<void> => {
    most = Math.max(most, ++reading);
    await new Promise(setImmediate);
    reading--;
  };
  await Promise.all(callers.map((caller) => readInTurn(request(headers), caller, read)));
  return most;
}

describe('readInTurn', () => {
  it('reads the large bodies of one caller one after the other', async () => {
    const large = { 'content-length': String(1024 * 1024) };
    expect(await mostAtOnce(large, ['ann', 'ann', 'ann'])).toBe(1);
    expect(await mostAtOnce(large, ['ann', 'ben', 'ann'])).toBe(2);
    expect(await mostAtOnce({ 'transfer-encoding': 'chunked' }, ['ann', 'ann'])).toBe(1);
  });

  it('reads small bodies, and those of callers whom nobody knows, at once', async () => {
    expect(await mostAtOnce({ 'content-length': '100' }, ['ann', 'ann', 'ann'])).toBe(3);
    expect(await mostAtOnce({}, ['ann', 'ann', 'ann'])).toBe(3);
    expect(await mostAtOnce({ 'content-length': '9000000' }, [undefined, undefined])).toBe(2);
  });
});
