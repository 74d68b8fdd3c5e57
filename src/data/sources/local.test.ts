import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listLocal } from './local';

let base: string;
let root: string;
const limits = { maxFiles: 100, maxBytes: 1000 };

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'local-')));
  root = join(base, 'root');
  mkdirSync(join(root, 'docs/spam/deep'), { recursive: true });
  mkdirSync(join(base, 'rootless'));
  writeFileSync(join(root, 'train.csv'), 'abc');
  writeFileSync(join(root, 'docs/spam/b.txt'), 'b');
  writeFileSync(join(root, 'docs/spam/a.txt'), 'a');
  writeFileSync(join(root, 'docs/spam/deep/c.txt'), 'c');
  writeFileSync(join(base, 'secret'), 'secret');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const names = async (path: string): Promise<string[]> =>
  (await listLocal(path, [root], limits)).map((file) => file.name);

describe('listLocal', () => {
  it('gives one file with its size and hash', async () => {
    expect(await listLocal(join(root, 'train.csv'), [root], limits)).toEqual([
      {
        name: 'train.csv',
        path: join(root, 'train.csv'),
        bytes: 3,
        sha256: createHash('sha256').update('abc').digest('hex'),
      },
    ]);
  });

  it('gives all files below a folder in order, with the folder in their names', async () => {
    expect(await names(join(root, 'docs/spam'))).toEqual([
      'spam/a.txt',
      'spam/b.txt',
      'spam/deep/c.txt',
    ]);
    expect(await names(root)).toEqual([
      'docs/spam/a.txt',
      'docs/spam/b.txt',
      'docs/spam/deep/c.txt',
      'train.csv',
    ]);
    expect(await names(join(root, 'docs/spam/a.txt'))).toEqual(['spam/a.txt']);
  });

  it('refuses what lies outside the roots, in the same words whether it is there or not', async () => {
    const words = /is not under a folder that this server allows/;
    for (const path of [
      join(base, 'secret'),
      join(base, 'missing'),
      `${root}/../secret`,
      join(base, 'rootless'),
      'train.csv',
      '',
    ]) {
      await expect(listLocal(path, [root], limits)).rejects.toThrow(words);
    }
    await expect(listLocal(join(root, 'train.csv'), [], limits)).rejects.toThrow(words);
    await expect(names(join(root, 'none.csv'))).rejects.toMatchObject({ code: 'local_missing' });
  });

  it('refuses links that leave the root', async () => {
    symlinkSync(join(base, 'secret'), join(root, 'docs/link.txt'));
    await expect(names(join(root, 'docs'))).rejects.toMatchObject({ code: 'local_link_outside' });
    await expect(names(join(root, 'docs/link.txt'))).rejects.toMatchObject({
      code: 'local_not_allowed',
    });
  });

  it('follows links inside the root, even in a circle, and passes over broken ones', async () => {
    symlinkSync(join(root, 'docs'), join(root, 'docs/spam/circle'));
    symlinkSync(join(root, 'train.csv'), join(root, 'docs/spam/z.csv'));
    symlinkSync(join(root, 'nothing'), join(root, 'docs/spam/broken'));
    expect(await names(join(root, 'docs'))).toEqual([
      'docs/spam/a.txt',
      'docs/spam/b.txt',
      'docs/spam/deep/c.txt',
      'docs/spam/z.csv',
    ]);
  });

  it('refuses more files or bytes than a location may hold', async () => {
    for (const small of [
      { maxFiles: 2, maxBytes: 1000 },
      { maxFiles: 100, maxBytes: 2 },
    ]) {
      await expect(listLocal(root, [root], small)).rejects.toMatchObject({
        kind: 'limit',
        code: 'location_too_large',
      });
    }
  });
});
