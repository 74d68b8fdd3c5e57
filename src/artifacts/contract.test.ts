import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ArtifactStore } from './artifactStore';
import { openArtifactStore } from './openStore';
import { scratchFolder } from './testing/scratchFolder';
import { s3ServerMissing, startS3Server, type S3Server } from './testing/s3Server';
import { fetchTree, publishTree } from './trees/tree';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function keysOf(store: ArtifactStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Gives so many bytes in pieces and then ends as told. */
function stream(bytes: number, end: 'ends' | 'throws' | 'is cut off'): Readable {
  let left = bytes;
  return new Readable({
    read() {
      if (left > 0) {
        const piece = Buffer.alloc(Math.min(left, 100_000), 'stream');
        left -= piece.length;
        this.push(piece);
      } else if (end === 'ends') this.push(null);
      else this.destroy(end === 'throws' ? new Error('the source broke') : undefined);
    },
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 4_000; !condition();) {
    if (Date.now() > deadline) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

interface Opened {
  store: ArtifactStore;
  /** What an interrupted put could leave beside the objects. */
  leftovers: () => Promise<number>;
  close: () => Promise<void>;
}

async function openDisk(): Promise<Opened> {
  const scratch = await scratchFolder();
  const store = await openArtifactStore({ kind: 'disk', folder: scratch.path });
  return {
    store,
    leftovers: async () => (await readdir(join(scratch.path, 'tmp'))).length,
    close: scratch.remove,
  };
}

async function openS3(): Promise<Opened> {
  const server: S3Server = await startS3Server();
  const before = { ...process.env };
  Object.assign(process.env, server.env);
  const store = await openArtifactStore({ kind: 's3', prefix: 'some/prefix', ...server.location });
  return {
    store,
    // Counts unfinished multipart uploads by ending them.
    leftovers: () => store.sweep(-60_000),
    close: async () => {
      store.close();
      process.env = before;
      await server.stop();
    },
  };
}

const title = (name: string, missing?: string): string =>
  missing ? `${name} (skipped: ${missing})` : name;

// Limits against hanging, not measures of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

describe.each([
  { name: 'on disk', open: openDisk, missing: undefined },
  { name: title('on S3', s3ServerMissing), open: openS3, missing: s3ServerMissing },
])('an artifact store $name', ({ open, missing }) => {
  // Building the S3 server takes minutes where it is not in the cache yet.
  const it = missing ? globalThis.it.skip : globalThis.it;
  let opened: Opened;
  let store: ArtifactStore;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  beforeAll(async () => {
    if (missing) return;
    opened = await open();
    ({ store } = opened);
    scratch = await scratchFolder();
  }, 600_000);
  afterAll(async () => {
    if (missing) return;
    await opened.close();
    await scratch.remove();
  });

  it('gives back what was put, with its size and hash', async () => {
    const content = randomBytes(100_000);
    const ref = await store.put('runs/a/one', content, 'application/x-one');
    expect(ref).toEqual({
      key: 'runs/a/one',
      sha256: sha256(content),
      bytes: 100_000,
      mediaType: 'application/x-one',
    });
    expect((await store.readBuffer('runs/a/one')).equals(content)).toBe(true);
    expect((await buffer(await store.read('runs/a/one'))).equals(content)).toBe(true);
    expect(await store.size('runs/a/one')).toBe(100_000);
  });

  it.each([0, 5, 1_000_000, 20_000_000])(
    'hashes a stream of %d bytes as it goes',
    async (bytes) => {
      const ref = await store.put('runs/streams/one', stream(bytes, 'ends'), 'text/plain');
      const expected = await buffer(stream(bytes, 'ends'));
      expect(ref).toMatchObject({ bytes, sha256: sha256(expected) });
      expect((await store.readBuffer('runs/streams/one')).equals(expected)).toBe(true);
    },
  );

  it('reads a range of bytes, both ends included', async () => {
    await store.put('runs/range/one', Buffer.from('0123456789'), 'text/plain');
    const part = await buffer(await store.read('runs/range/one', { start: 3, end: 5 }));
    expect(part.toString()).toBe('345');
  });

  it('replaces an object when its key is written again', async () => {
    await store.put('runs/again/one', Buffer.from('first'), 'text/plain');
    await store.put('runs/again/one', Buffer.from('second'), 'text/plain');
    expect((await store.readBuffer('runs/again/one')).toString()).toBe('second');
  });

  it.each([10, 300_000, 20_000_000])('stores a file of %d bytes, twice over', async (bytes) => {
    const path = join(scratch.path, `file-${String(bytes)}`);
    const content = randomBytes(bytes);
    await writeFile(path, content);
    for (let i = 0; i < 2; i++) {
      const ref = await store.putFile('runs/file/one', path, 'text/plain');
      expect(ref).toMatchObject({ bytes, sha256: sha256(content) });
    }
    expect((await store.readBuffer('runs/file/one')).equals(content)).toBe(true);
    expect(await opened.leftovers()).toBe(0);
  });

  it('lays an object at a local path, making folders and replacing what was there', async () => {
    const content = randomBytes(1000);
    const ref = await store.put('runs/fetch/one', content, 'text/plain');
    const path = join(scratch.path, 'new/folder/file');
    await store.fetchTo(ref, path);
    await store.fetchTo(ref, path);
    expect((await readFile(path)).equals(content)).toBe(true);
    expect(await readdir(join(scratch.path, 'new/folder'))).toEqual(['file']);
  });

  it('refuses to lay out an object that is not what the reference says', async () => {
    const ref = await store.put('runs/fetch/two', Buffer.from('was'), 'text/plain');
    await store.put('runs/fetch/two', Buffer.from('now'), 'text/plain');
    const path = join(scratch.path, 'damaged/file');
    await expect(store.fetchTo(ref, path)).rejects.toMatchObject({
      code: 'artifact_corrupt',
      message: expect.stringContaining('runs/fetch/two'),
    });
    expect(await readdir(join(scratch.path, 'damaged'))).toEqual([]);
  });

  it('says of an absent object that it is missing', async () => {
    const missingError = { code: 'artifact_missing', kind: 'infrastructure' };
    const ref = { key: 'runs/none/one', sha256: sha256(Buffer.of()), bytes: 0, mediaType: 'a/b' };
    expect(await store.size(ref.key)).toBeUndefined();
    await expect(store.read(ref.key)).rejects.toMatchObject(missingError);
    await expect(store.readBuffer(ref.key)).rejects.toMatchObject(missingError);
    await expect(store.fetchTo(ref, join(scratch.path, 'none'))).rejects.toMatchObject(
      missingError,
    );
  });

  it('lists and deletes by prefix, and only what is under it', async () => {
    const inside = ['uploads/x/index.json', 'uploads/x/packs/0', 'uploads/x/packs/1'];
    for (const key of [...inside, 'uploads/xy/index.json']) {
      await store.put(key, Buffer.from(key), 'text/plain');
    }
    expect(await keysOf(store, 'uploads/x/')).toEqual(inside);
    expect(await store.deletePrefix('uploads/x/')).toBe(3);
    expect(await store.deletePrefix('uploads/x/')).toBe(0);
    expect(await keysOf(store, 'uploads/')).toEqual(['uploads/xy/index.json']);
    await store.put(inside[1]!, Buffer.from('new'), 'text/plain');
    expect(await keysOf(store, 'uploads/x/')).toEqual([inside[1]]);
  });

  it('deletes one object and no other', async () => {
    for (const key of ['runs/one/a', 'runs/one/ab']) {
      await store.put(key, Buffer.from('x'), 'text/plain');
    }
    await store.delete('runs/one/a');
    await store.delete('runs/one/a');
    await store.delete('runs/none/a');
    expect(await keysOf(store, 'runs/one/')).toEqual(['runs/one/ab']);
  });

  it('lists objects with the time at which they were written', async () => {
    // What S3 says is cut to the second, and the clock of a file system lags behind a little.
    const begun = Date.now() - 2_000;
    await store.put('runs/times/one', Buffer.from('x'), 'text/plain');
    const path = join(scratch.path, 'old-file');
    await writeFile(path, 'the bytes are old, the object is new');
    await utimes(path, new Date(0), new Date(0));
    await store.putFile('runs/times/two', path, 'text/plain');
    let objects = 0;
    for await (const { modifiedAt } of store.listDated('runs/times/')) {
      expect(modifiedAt.getTime()).toBeGreaterThan(begun);
      expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 2_000);
      objects++;
    }
    expect(objects).toBe(2);
  });

  it('lists and deletes more than a thousand objects', async () => {
    const keys = Array.from({ length: 1100 }, (_, i) => `cache/many/${String(i)}`);
    for (let i = 0; i < keys.length; i += 50) {
      await Promise.all(keys.slice(i, i + 50).map((k) => store.put(k, Buffer.from(k), 'a/b')));
    }
    expect(await keysOf(store, 'cache/many/')).toEqual(keys.sort());
    expect(await store.deletePrefix('cache/many/')).toBe(1100);
    expect(await keysOf(store, 'cache/many/')).toEqual([]);
  });

  it.each([
    [1000, 'throws'],
    [1000, 'is cut off'],
    [20_000_000, 'throws'],
    [20_000_000, 'is cut off'],
  ] as const)('leaves nothing of a stream that after %d bytes %s', async (bytes, end) => {
    const failing = store.put('runs/broken/one', stream(bytes, end), 'text/plain');
    await expect(failing).rejects.toThrow(end === 'throws' ? 'the source broke' : /premature/i);
    expect(await store.size('runs/broken/one')).toBeUndefined();
    expect(await opened.leftovers()).toBe(0);
  });

  it('keeps the old object while and after a put over it is interrupted', async () => {
    await store.put('runs/kept/one', Buffer.from('old'), 'text/plain');
    const source = new Readable({ read: () => undefined });
    source.push(Buffer.alloc(20_000_000));
    const interrupted = store.put('runs/kept/one', source, 'text/plain');
    const outcome = expect(interrupted).rejects.toThrow('the caller hung up');
    await until(() => source.readableLength === 0);
    expect((await store.readBuffer('runs/kept/one')).toString()).toBe('old');
    source.destroy(new Error('the caller hung up'));
    await outcome;
    expect((await store.readBuffer('runs/kept/one')).toString()).toBe('old');
    expect(await opened.leftovers()).toBe(0);
  });

  it('survives writers and deleters of one prefix at once', async () => {
    const writers = Array.from({ length: 20 }, (_, i) =>
      store.put(`runs/race/deep/${String(i)}`, Buffer.from('x'), 'text/plain'),
    );
    const deleters = Array.from({ length: 5 }, () => store.deletePrefix('runs/race/'));
    await Promise.all([...writers, ...deleters, keysOf(store, 'runs/race/')]);
    await store.deletePrefix('runs/race/');
    expect(await keysOf(store, 'runs/race/')).toEqual([]);
  });

  it('sweeps nothing that is young', async () => {
    const source = new Readable({ read: () => undefined });
    source.push(Buffer.alloc(100));
    const writing = store.put('runs/young/one', source, 'text/plain');
    expect(await store.sweep(3_600_000)).toBe(0);
    source.push(null);
    expect((await writing).bytes).toBe(100);
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '../outside',
    'runs/../../outside',
    'runs/./one',
    'runs//one',
    'runs/one/',
    'runs\\..\\one',
    'runs/a b',
    'runs/a#b',
    'runs/a;b',
    'runs/a%2fb',
    'file:///etc/passwd',
    'runs/\0',
    'runs/ș',
    `runs/${'x'.repeat(200)}`,
  ])('refuses the key %j', async (key) => {
    const refused = { code: 'invalid_artifact_key' };
    const ref = { key, sha256: '', bytes: 0, mediaType: 'text/plain' };
    await expect(store.put(key, Buffer.of(), 'a/b')).rejects.toMatchObject(refused);
    await expect(store.putFile(key, __filename, 'a/b')).rejects.toMatchObject(refused);
    await expect(store.read(key)).rejects.toMatchObject(refused);
    await expect(store.readBuffer(key)).rejects.toMatchObject(refused);
    await expect(store.size(key)).rejects.toMatchObject(refused);
    await expect(store.fetchTo(ref, join(scratch.path, 'f'))).rejects.toMatchObject(refused);
    await expect(keysOf(store, `${key}/`)).rejects.toMatchObject(refused);
    await expect(store.deletePrefix(`${key}/`)).rejects.toMatchObject(refused);
  });

  it('carries a tree', async () => {
    const out = join(scratch.path, 'tree-out');
    const folder = join(scratch.path, 'new');
    await writeFile(join(folder, 'large'), randomBytes(100_000));
    const ref = await publishTree(store, 'runs/tree/', folder);
    await fetchTree(store, ref, out);
    expect((await stat(join(out, 'large'))).size).toBe(100_000);
    expect((await stat(join(out, 'folder/file'))).size).toBe(1000);
  });
});
