import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendSuccess } from './respond';
import { sendData } from './sendData';

/** What a client gets when `answer` answers it. */
async function received(
  answer: (response: ServerResponse) => Promise<void> | void,
): Promise<string> {
  const failures: unknown[] = [];
  const server = createServer((_, response) => {
    Promise.resolve(answer(response)).catch((error: unknown) => {
      failures.push(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const text = await fetch(`http://127.0.0.1:${port}`).then(
      (response) => response.text(),
      () => 'nothing',
    );
    if (failures.length > 0) throw failures[0];
    return text;
  } finally {
    server.close();
  }
}

const list = (length: number) => Array.from({ length }, (_, i) => ({ number: i, name: `ö ${i}` }));

describe('sendData', () => {
  it.each([
    ['no list', { found: { a: 1 }, seconds: 0.5 }],
    ['an empty list', { found: [], seconds: 0.5 }],
    ['a list that is sent whole', { found: list(100) }],
    ['a list just too long for that', { found: list(101), seconds: 0.5 }],
    ['several long lists', { seconds: 0.5, first: list(250), last: list(200) }],
    ['a long list of what JSON has not', { found: Array.from({ length: 150 }, () => undefined) }],
    ['a long list after what is absent', { hint: undefined, found: list(150), note: undefined }],
  ])('sends %s as JSON.stringify writes it', async (_, data: Record<string, unknown>) => {
    const whole = await received((response) => sendSuccess(response, data));
    expect(await received((response) => sendData(response, data))).toBe(whole);
  });
});
