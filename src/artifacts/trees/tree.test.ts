import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifactStore';
import { localFiles } from '../localFiles';
import { openArtifactStore } from '../openStore';
import { scratchFolder } from '../testing/scratchFolder';
import { fetchTree, publishTree } from './tree';

// A limit against hanging, not a measure of speed: other tests may keep every core busy.
jest.setTimeout(60_000);

describe('trees', () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let store: ArtifactStore;
  beforeEach(async () => {
    scratch = await scratchFolder();
    store = await openArtifactStore({ kind: 'disk', folder: join(scratch.path, 'home') });
  });
  afterEach(() => scratch.remove());

  async function folderWith(files: Record<string, string | Buffer>, name = 'in'): Promise<string> {
    const folder = join(scratch.path, name);
    await mkdir(folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }

  const large = Buffer.alloc(200_000, 'large');
  const files = {
    'extract.json': '{}',
    'train/dataset.json': '{"rows":3}',
    'train/text.utf8': large,
    'train/șir 数.offsets': 'abc',
    'test/empty': '',
  };

  it('come back as they were published', async () => {
    const ref = await publishTree(store, 'runs/1/extract/1/', await folderWith(files));
    const out = join(scratch.path, 'out');
    await fetchTree(store, ref, out);
    expect((await localFiles(out)).map((f) => f.path)).toEqual(Object.keys(files).sort());
    for (const [path, content] of Object.entries(files)) {
      expect((await readFile(join(out, path))).equals(Buffer.from(content))).toBe(true);
    }
    expect(ref).toMatchObject({ files: 5, bytes: 200_015 });
  });

  it('pack their small files and link their large ones', async () => {
    const ref = await publishTree(store, 'runs/1/', await folderWith(files));
    const keys: string[] = [];
    for await (const key of store.list('runs/1/')) keys.push(key);
    expect(keys.sort()).toEqual(['runs/1/file-1', 'runs/1/pack-0', 'runs/1/tree.json']);
    const out = join(scratch.path, 'out');
    await fetchTree(store, ref, out);
    expect((await stat(join(out, 'train/text.utf8'))).nlink).toBe(3);
  });

  it('are fetched in part when only some files are wanted', async () => {
    const ref = await publishTree(store, 'runs/1/', await folderWith(files));
    const out = join(scratch.path, 'out');
    await fetchTree(store, ref, out, { only: (path) => path.startsWith('train/') });
    expect((await localFiles(out)).map((f) => f.path)).toEqual([
      'train/dataset.json',
      'train/text.utf8',
      'train/șir 数.offsets',
    ]);
  });

  it('have the same manifest hash when their content is the same, wherever they lie', async () => {
    const first = await publishTree(store, 'runs/1/', await folderWith(files, 'a'));
    const second = await publishTree(store, 'runs/2/', await folderWith(files, 'b'));
    expect(second.manifest.sha256).toBe(first.manifest.sha256);
  });

  it('may be empty, and may hold one small file', async () => {
    const empty = await publishTree(store, 'runs/1/', await folderWith({}, 'none'));
    await fetchTree(store, empty, join(scratch.path, 'out'));
    expect(await localFiles(join(scratch.path, 'out'))).toEqual([]);
    const one = await publishTree(store, 'runs/2/', await folderWith({ a: 'b' }, 'one'));
    await fetchTree(store, one, join(scratch.path, 'out'));
    expect(await readFile(join(scratch.path, 'out/a'), 'utf8')).toBe('b');
  });

  it('spread thousands of small files over few objects', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`f${String(i)}`, Buffer.alloc(60_000, i % 251)]),
    );
    const ref = await publishTree(store, 'runs/1/', await folderWith(many));
    const keys: string[] = [];
    for await (const key of store.list('runs/1/')) keys.push(key);
    expect(keys).toHaveLength(3);
    const out = join(scratch.path, 'out');
    await fetchTree(store, ref, out);
    expect((await readFile(join(out, 'f299'))).equals(many.f299!)).toBe(true);
  });

  it('refuse a link among their files', async () => {
    const folder = await folderWith({ a: 'b' });
    await symlink(join(scratch.path, 'home'), join(folder, 'way-out'));
    await expect(publishTree(store, 'runs/1/', folder)).rejects.toMatchObject({
      code: 'not_a_plain_file',
    });
  });

  it('are not laid out when their bytes were changed in the store', async () => {
    const ref = await publishTree(store, 'runs/1/', await folderWith(files));
    await store.put('runs/1/pack-0', Buffer.alloc(16, '!'), 'application/octet-stream');
    await expect(fetchTree(store, ref, join(scratch.path, 'out'))).rejects.toMatchObject({
      code: 'artifact_corrupt',
    });
    await store.put('runs/1/tree.json', Buffer.from('{}'), 'application/json');
    await expect(fetchTree(store, ref, join(scratch.path, 'out'))).rejects.toMatchObject({
      code: 'artifact_corrupt',
    });
  });

  it('refuse to lay out a path that leads out of the folder', async () => {
    const ref = await publishTree(store, 'runs/1/', await folderWith({ abcdefgh: 'x' }));
    const manifest = (await store.readBuffer('runs/1/tree.json')).toString();
    for (const path of ['../abcde', '/abcdefg', 'a/../bcd', 'C:/abcde', '..\\\\abcd']) {
      const evil = Buffer.from(manifest.replace('abcdefgh', path));
      const forged = { ...ref, manifest: await store.put('runs/1/tree.json', evil, 'text/plain') };
      await expect(fetchTree(store, forged, join(scratch.path, 'out'))).rejects.toMatchObject({
        code: 'unsafe_tree_path',
      });
    }
  });
});
