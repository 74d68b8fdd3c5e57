import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword, verifyingPassword } from './passwords';

describe('passwords', () => {
  const verify = (hash: string | undefined, password: string) =>
    verifyingPassword('', (isIt) => isIt(hash, password));

  it('are known again by their argon2id hash, however an accent was typed', async () => {
    const hash = await hashPassword('caf\u00e9 au lait');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=32768,t=3,p=1\$/);
    expect(await verify(hash, 'cafe\u0301 au lait')).toBe(true);
    expect(await verify(hash, 'cafe au lait')).toBe(false);
  });

  it('of nobody are wrong, also the one that stands in', async () => {
    expect(await verify(undefined, 'nobody has this password')).toBe(false);
  });

  it('with a hash that is none are an error, and the next one is looked at', async () => {
    await expect(verify('none', 'x')).rejects.toThrow();
    expect(await verify(await hashPassword('x'), 'x')).toBe(true);
  });

  it('leave the threads that read files alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trainyard-hash-'));
    const file = join(folder, 'file');
    await writeFile(file, randomBytes(100));
    let hashed = 0;
    const hashes = Array.from({ length: 40 }, async () => {
      await hashPassword('x');
      hashed += 1;
    });
    await readFile(file);
    // In libuv's four threads, the file would have waited for all but the last few.
    expect(hashed).toBeLessThan(20);
    await Promise.all(hashes);
    await rm(folder, { recursive: true });
  }, 60_000);

  it('are refused when a hundred of one address wait, with the time to come again', async () => {
    const taken = Array.from({ length: 101 }, () => hashPassword('x', 'one'));
    const refusal = { code: 'too_many_passwords', status: 503, retryAfterSeconds: 3 };
    await expect(hashPassword('x', 'one')).rejects.toMatchObject(refusal);
    await hashPassword('x', 'another');
    await Promise.all(taken);
  }, 120_000);
});
