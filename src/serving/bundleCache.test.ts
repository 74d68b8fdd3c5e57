import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../artifacts/artifactStore';
import { openArtifactStore } from '../artifacts/openStore';
import { publishTree } from '../artifacts/trees/tree';
import type { BundleRef } from '../database/models/deployments';
import { BundleCache } from './bundleCache';

const modelId = '00000000-0000-4000-8000-000000000001';

let home: string;
let store: ArtifactStore;
let bundle: BundleRef;
let cache: BundleCache;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'trainyard-bundles-'));
  store = await openArtifactStore({ kind: 'disk', folder: join(home, 'artifacts') });
  const made = join(home, 'made');
  mkdirSync(join(made, 'model'), { recursive: true });
  writeFileSync(join(made, 'model', 'weights'), 'all of them');
  bundle = { tree: await publishTree(store, 'runs/one/', made), path: 'model' };
  cache = new BundleCache(store, join(home, 'bundles'));
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true, force: true });
});

const kept = (): string[] => readdirSync(join(home, 'bundles'));

describe('BundleCache', () => {
  it('sweeps no bundle that is being read, and does afterwards', async () => {
    await cache.read(modelId, bundle, async ({ folder }) => {
      await cache.sweep([]);
      expect(readFileSync(join(folder, 'weights'), 'utf8')).toBe('all of them');
    });
    expect(kept()).toHaveLength(1);
    await cache.sweep([{ model_id: modelId, bundle }]);
    expect(kept()).toHaveLength(1);
    await cache.sweep([]);
    expect(kept()).toEqual([]);
  });

  it('brings a bundle anew that was forgotten, also while others read it', async () => {
    await cache.read(modelId, bundle, async ({ folder }) => {
      await cache.forget(modelId, bundle);
      expect(existsSync(folder)).toBe(false);
      const size = await cache.read(modelId, bundle, ({ bytes }) => Promise.resolve(bytes));
      expect(size).toBe('all of them'.length);
    });
  });

  it('tells a folder that cannot be read from one that is not there', async () => {
    await cache.sweep([]);
    writeFileSync(join(home, 'bundles'), 'a file where a folder should be');
    const unusable = { code: 'serving_folder_unusable', kind: 'infrastructure' };
    await expect(cache.sweep([])).rejects.toMatchObject(unusable);
    await expect(cache.read(modelId, bundle, () => Promise.resolve())).rejects.toMatchObject(
      unusable,
    );
  });

  it('says that the disk is full, and leaves nothing of what it began', async () => {
    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    Object.assign(store, { read: full, fetchTo: full });
    await expect(cache.read(modelId, bundle, () => Promise.resolve())).rejects.toMatchObject({
      code: 'disk_full',
      kind: 'infrastructure',
    });
    expect(kept()).toEqual([]);
  });

  it('sweeps what a deletion that was cut off left', async () => {
    mkdirSync(join(home, 'bundles', 'x.0123.leaving'), { recursive: true });
    await cache.sweep([]);
    expect(kept()).toEqual([]);
  });
});
