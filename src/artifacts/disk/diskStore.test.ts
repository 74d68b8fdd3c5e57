import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskStore } from './diskStore';
import { temporaryName } from './temporaryNames';
import { scratchFolder } from '../testing/scratchFolder';

describe('a disk store', () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let root: string;
  let store: DiskStore;
  beforeEach(async () => {
    scratch = await scratchFolder();
    root = join(scratch.path, 'artifacts');
    store = await DiskStore.open(root);
    await mkdir(join(scratch.path, 'outside'));
    await writeFile(join(scratch.path, 'outside/secret'), 'secret');
  });
  afterEach(() => scratch.remove());

  it('follows no symbolic link, whether to a file or a folder', async () => {
    await store.put('runs/1/one', Buffer.from('x'), 'text/plain');
    await symlink(join(scratch.path, 'outside'), join(root, 'objects/runs/2'));
    await symlink(join(scratch.path, 'outside/secret'), join(root, 'objects/runs/1/two'));
    for (const key of ['runs/2/secret', 'runs/1/two']) {
      await expect(store.readBuffer(key)).rejects.toMatchObject({ code: 'artifact_missing' });
      await expect(store.read(key)).rejects.toMatchObject({ code: 'artifact_missing' });
    }
    expect(await store.size('runs/1/two')).toBeUndefined();
    await expect(store.put('runs/2/new', Buffer.from('x'), 'text/plain')).rejects.toMatchObject({
      code: 'artifact_folder_linked',
    });
    const keys: string[] = [];
    for await (const key of store.list('runs/')) keys.push(key);
    for await (const key of store.list('runs/2/')) keys.push(key);
    expect(keys).toEqual(['runs/1/one']);
    expect(await store.deletePrefix('runs/2/')).toBe(0);
    expect(await store.deletePrefix('runs/')).toBe(1);
    expect(await readdir(join(scratch.path, 'outside'))).toEqual(['secret']);
  });

  it('stores no file through a symbolic link', async () => {
    const path = join(scratch.path, 'link');
    await symlink(join(scratch.path, 'outside/secret'), path);
    await expect(store.putFile('runs/1/one', path, 'text/plain')).rejects.toMatchObject({
      code: 'not_a_plain_file',
    });
    expect(await store.size('runs/1/one')).toBeUndefined();
  });

  it('shares the bytes of a file with the folder that it came from and goes to', async () => {
    const path = join(scratch.path, 'file');
    await writeFile(path, 'content');
    const ref = await store.putFile('runs/1/one', path, 'text/plain');
    await store.fetchTo(ref, join(scratch.path, 'fetched'));
    expect((await stat(path)).nlink).toBe(3);
    expect((await stat(path)).mode & 0o222).toBe(0);
  });

  it('sweeps what a killed process left in its temporary folder, by age', async () => {
    const left = join(root, 'tmp/left');
    await mkdir(left);
    await writeFile(join(left, 'file'), 'x');
    expect(await store.sweep(60_000)).toBe(0);
    // However old the bytes are: the entry itself is new.
    await utimes(left, new Date(0), new Date(0));
    expect(await store.sweep(60_000)).toBe(0);
    expect(await store.sweep(-60_000)).toBe(1);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
  });

  it('sweeps at once what a process of this machine left that was killed', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    await once(child, 'exit');
    const [machine, own, rest] = temporaryName().split('-');
    expect(own).toBe(String(process.pid));
    const names = [
      `${machine!}-${String(child.pid)}-${rest!}`,
      `${machine!}-${own!}-${rest!}`,
      `00000000-${String(child.pid)}-${rest!}`,
    ];
    for (const name of names) await writeFile(join(root, 'tmp', name), 'x');
    expect(await store.sweep(60_000)).toBe(1);
    expect((await readdir(join(root, 'tmp'))).sort()).toEqual(names.slice(1).sort());
  });

  it('is opened again with what it held', async () => {
    await store.put('runs/1/one', Buffer.from('x'), 'text/plain');
    const again = await DiskStore.open(root);
    expect((await again.readBuffer('runs/1/one')).toString()).toBe('x');
    expect((await readFile(join(root, 'objects/runs/1/one'))).toString()).toBe('x');
  });

  it('takes no object for a prefix and no prefix for an object', async () => {
    await store.put('runs/1/one', Buffer.from('x'), 'text/plain');
    expect(await store.size('runs/1')).toBeUndefined();
    await expect(store.readBuffer('runs/1')).rejects.toMatchObject({ code: 'artifact_missing' });
    expect(await store.deletePrefix('runs/1/one/')).toBe(0);
    expect(await store.size('runs/1/one')).toBe(1);
  });
});
