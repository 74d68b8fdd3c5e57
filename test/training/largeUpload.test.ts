import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Parts } from '../support/parts';

jest.setTimeout(180_000);

const onLinux = process.platform === 'linux';
const mebibyte = 1024 * 1024;

let parts: Parts;
let token: string;

beforeAll(async () => {
  if (!onLinux) return;
  parts = await Parts.start({ parts: ['api'] });
  token = (await parts.client()).token!;
});
afterAll(() => parts?.stop());

/** Sends one file of so many MiB that is nowhere as a whole: the same mebibyte again and again. */
async function upload(mebibytes: number): Promise<{ status: number; text: string }> {
  const boundary = 'between-the-parts';
  const outgoing = request(`${parts.url('api')}/api/v2/train/upload-data`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.write(
    `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="large.csv"\r\n\r\n`,
  );
  const line = 'some words of a text that is long,label\n';
  const piece = Buffer.alloc(mebibyte, line);
  for (let sent = 0; sent < mebibytes; sent++) {
    if (!outgoing.write(piece)) await once(outgoing, 'drain');
  }
  outgoing.end(`\r\n--${boundary}--\r\n`);
  const [reply] = await answered;
  return { status: reply.statusCode!, text: await text(reply) };
}

/** The most memory that the API has ever held, in MiB. */
function peakMemory(): number {
  const status = readFileSync(`/proc/${parts.pid('api')}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

(onLinux ? test : test.skip)('an upload costs the API no more memory for being large', async () => {
  expect(await upload(16)).toMatchObject({ status: 200 });
  const before = peakMemory();
  expect(await upload(256)).toMatchObject({ status: 200 });
  expect(peakMemory() - before).toBeLessThan(100);
});
