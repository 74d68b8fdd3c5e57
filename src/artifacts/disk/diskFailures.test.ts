import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { explainDiskFailure } from './diskFailures';
import { DiskStore } from './diskStore';
import { scratchFolder } from '../testing/scratchFolder';

const failed = (code: string, syscall = 'write'): Error =>
  Object.assign(new Error(`${code}: ${syscall} /srv/secret`), { code, syscall });

describe('failures of a disk', () => {
  it.each([
    ['ENOSPC', 'infrastructure', 'disk_full'],
    ['EDQUOT', 'infrastructure', 'disk_full'],
    ['EIO', 'infrastructure', 'storage_unavailable'],
    ['ESTALE', 'infrastructure', 'storage_unavailable'],
    ['EACCES', 'config', 'storage_misconfigured'],
    ['EROFS', 'config', 'storage_misconfigured'],
  ])('are named by who can act on them: %s', (code, kind, as) => {
    const explained = explainDiskFailure(failed(code));
    expect(explained).toMatchObject({
      kind,
      code: as,
      message: expect.not.stringContaining('/srv'),
    });
  });

  it('leave failures of other things alone', () => {
    for (const other of [failed('EACCES', 'connect'), failed('ECONNRESET', 'read'), 'text', null]) {
      expect(explainDiskFailure(other)).toBe(other);
    }
  });
});

describe('a disk store', () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let root: string;
  let store: DiskStore;
  beforeEach(async () => {
    scratch = await scratchFolder();
    root = join(scratch.path, 'artifacts');
    store = await DiskStore.open(root);
    await store.put('runs/1/one', Buffer.from('x'), 'text/plain');
  });
  afterEach(async () => {
    await chmod(root, 0o700).catch(() => undefined);
    await scratch.remove();
  });

  it('whose disk is unmounted is away, and its objects are not missing', async () => {
    await rename(root, `${root}-elsewhere`);
    const ref = { key: 'runs/1/one', sha256: '', bytes: 1, mediaType: 'text/plain' };
    for (const work of [
      () => store.readBuffer('runs/1/one'),
      () => store.read('runs/1/one'),
      () => store.fetchTo(ref, join(scratch.path, 'file')),
      () => store.size('runs/1/one'),
      () => store.put('runs/1/two', Buffer.from('x'), 'text/plain'),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'storage_unavailable' });
    }
    await rename(`${root}-elsewhere`, root);
    expect((await store.readBuffer('runs/1/one')).toString()).toBe('x');
    await expect(store.readBuffer('runs/1/two')).rejects.toMatchObject({
      code: 'artifact_missing',
    });
  });

  it('passes on what broke in the source of an object', async () => {
    const broken = new Error('the sender left');
    const source = new Readable({ read: (): void => void source.destroy(broken) });
    await expect(store.put('runs/1/two', source, 'text/plain')).rejects.toBe(broken);
  });
});
