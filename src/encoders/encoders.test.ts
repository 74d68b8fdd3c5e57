import { existsSync, readdirSync, readFileSync, writeFileSync, rmSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DiskStore } from '../artifacts/disk/diskStore';
import { scratchFolder } from '../artifacts/testing/scratchFolder';
import { allEncoders, encoderByName, pinEncoder } from '../database/models/encoders';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../database/testing/testDatabase';
import { testRun } from '../database/testing/testRun';
import { addFromFolder, addFromHub, loadEncoder, materializeEncoder, removeEncoder } from '.';
import { tinyEncoderFiles } from '../ml/transformers/testing/tinyEncoder';
import { hubServer } from './testing/hubServer';
import { writeFiles, writeTinyEncoder } from './testing/tinyEncoder';

describe('encoders', () => {
  let db: TestDatabase;
  let store: DiskStore;
  let scratch: string;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    db = await testDatabase();
    ({ path: scratch, remove } = await scratchFolder());
    store = await DiskStore.open(join(scratch, 'artifacts'));
  }, testDatabasePatienceMs);
  afterAll(async () => {
    await db.drop();
    await remove();
  });

  let folders = 0;
  /** A tiny encoder's folder, and the options to add it with. */
  function tiny(seed = 1): string {
    const folder = join(scratch, `tiny-${folders++}`);
    writeTinyEncoder(folder, { seed });
    return folder;
  }
  const options = (name?: string) => ({
    database: db.database,
    store,
    home: join(scratch, 'home'),
    ...(name === undefined ? {} : { name }),
  });
  const add = (folder: string, name?: string) => addFromFolder(folder, options(name));
  const materialize = (hash: string) => materializeEncoder(options(), hash);
  const stored = async (): Promise<number> => {
    let count = 0;
    for await (const key of store.list('encoders/')) count += key.endsWith('tree.json') ? 1 : 0;
    return count;
  };
  const scratchLeft = (): string[] =>
    readdirSync(join(scratch, 'home', 'encoders')).filter((name) => !/^[0-9a-f]{64}$/.test(name));

  it('are added from a folder, which is only read', async () => {
    const folder = tiny();
    const encoder = await add(folder, 'first');
    expect(encoder).toMatchObject({
      name: 'first',
      family: 'bert',
      dims: 32,
      max_length: 48,
      context_length: 64,
      licence: 'cc0-1.0',
      source: 'folder',
    });
    for (const [path, content] of tinyEncoderFiles()) {
      expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
    }
    expect(scratchLeft()).toEqual([]);
  });

  it('are the same again under the same name, and stored once under another', async () => {
    const before = await stored();
    const [first, again, other] = [
      await add(tiny(), 'first'),
      await add(tiny(), 'first'),
      await add(tiny(), 'second'),
    ];
    expect(again).toEqual(first);
    expect([other.hash, other.tree]).toEqual([first.hash, first.tree]);
    expect(await stored()).toBe(before);
  });

  it('never change under their name', async () => {
    await expect(add(tiny(2), 'first')).rejects.toMatchObject({
      code: 'encoder_name_taken',
      status: 409,
    });
    expect((await encoderByName(db.database, 'first'))!.hash).toBe(
      (await add(tiny(), 'first')).hash,
    );
  });

  it('take the name of their folder unless another is given, within limits', async () => {
    expect((await add(`${tiny(3)}/`)).name).toMatch(/^tiny-\d+$/);
    await expect(add(tiny(), '../x')).rejects.toMatchObject({ code: 'invalid_encoder_name' });
  });

  it('leave nothing behind when a file is wrong', async () => {
    const before = await stored();
    const names = (await allEncoders(db.database)).length;
    const folder = tiny(4);
    writeFileSync(join(folder, 'model.safetensors'), 'PK\x03\x04 a pickle in disguise');
    await expect(add(folder, 'wrong')).rejects.toMatchObject({ code: 'invalid_encoder' });
    rmSync(join(folder, 'model.safetensors'));
    await expect(add(folder, 'wrong')).rejects.toThrow('model.safetensors: is missing');
    writeFileSync(join(folder, 'pytorch_model.bin'), '');
    await expect(add(folder, 'wrong')).rejects.toThrow(
      'pytorch_model.bin: is a pickle, which can run code when it is read; expected model.safetensors',
    );
    rmSync(join(folder, 'pytorch_model.bin'));
    writeFileSync(join(folder, 'model.safetensors.index.json'), '{}');
    await expect(add(folder, 'wrong')).rejects.toThrow('the weights lie in several files');
    await expect(add(join(folder, 'nowhere'), 'wrong')).rejects.toThrow('is no folder');
    expect([await stored(), (await allEncoders(db.database)).length]).toEqual([before, names]);
    expect(scratchLeft()).toEqual([]);
  });

  it('are laid out for a stage once, and verified each time', async () => {
    const { hash } = await add(tiny(5), 'laid-out');
    const folder = await materialize(hash);
    expect(loadEncoder(folder).config.hidden).toBe(32);
    expect(await materialize(hash)).toBe(folder);
    const config = join(folder, 'config.json');
    chmodSync(config, 0o644);
    writeFileSync(config, '{}');
    expect(loadEncoder(await materialize(hash)).config.hidden).toBe(32);
    await expect(materialize('0'.repeat(64))).rejects.toMatchObject({ code: 'artifact_missing' });
  });

  it('lose their files with their last name', async () => {
    const { hash } = await add(tiny(6), 'one-name');
    await add(tiny(6), 'other-name');
    const before = await stored();
    expect(await removeEncoder(options(), 'one-name')).toEqual({ runs: 0, deleted: 0 });
    expect(await stored()).toBe(before);
    expect(await removeEncoder(options(), 'other-name')).toEqual({ runs: 0, deleted: 1 });
    expect(await stored()).toBe(before - 1);
    await expect(removeEncoder(options(), 'one-name')).rejects.toMatchObject({ status: 404 });
    expect((await add(tiny(6), 'one-name')).hash).toBe(hash);
  });

  it('keep their files while a run refers to them', async () => {
    const { hash } = await add(tiny(7), 'in-use');
    const { runId, modelId } = await testRun(db.database);
    await pinEncoder(db.database, runId, hash);
    expect(await removeEncoder(options(), 'in-use')).toEqual({ runs: 1, deleted: 0 });
    expect(await encoderByName(db.database, 'in-use')).toBeUndefined();
    expect(existsSync(await materialize(hash))).toBe(true);
    await db.database.query('DELETE FROM model WHERE id = $1', [modelId]);
    await add(tiny(8), 'another');
    expect(await removeEncoder(options(), 'another')).toEqual({ runs: 0, deleted: 2 });
  });

  it('are added from a hub under the name of their id, with the commit', async () => {
    const hub = await hubServer(tinyEncoderFiles({ seed: 9 }));
    try {
      const settings = { hub: { hub: hub.url, offline: false, pauseMs: 1 } };
      const encoder = await addFromHub('owner/tiny', 'main', { ...options(), ...settings });
      expect([encoder.name, encoder.source]).toEqual(['tiny', `owner/tiny@${hub.commit}`]);
      expect(encoder.licence).toBe('cc0-1.0');
      expect(readdirSync(join(scratch, 'home', 'encoders', 'downloads'))).toEqual([]);
      expect((await add(tiny(9), 'same-files')).hash).toBe(encoder.hash);
    } finally {
      await hub.stop();
    }
  });

  it('have a hash of their files alone', async () => {
    const folder = tiny();
    writeFiles(folder, new Map([['notes.txt', Buffer.from('mine')]]));
    expect((await add(folder, 'first')).name).toBe('first');
  });
});
