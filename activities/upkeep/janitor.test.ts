import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { openArtifactStore } from '../../src/artifacts/openStore';
import { scratchFolder } from '../../src/artifacts/testing/scratchFolder';
import { temporaryName } from '../../src/artifacts/disk/temporaryNames';
import { loadConfig } from '../../src/config';
import { completeCacheEntry } from '../../src/database/runs/cacheEntries';
import { deleteSetting, setting } from '../../src/database/settings';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun } from '../../src/database/testing/testRun';
import { insertUpload, referToUploads, uploadById } from '../../src/database/uploads/uploads';
import { startJanitor, sweepCache, sweepOrphansDaily, sweepUploads, type Janitor } from './janitor';

describe('the janitor of a worker', () => {
  let db: TestDatabase;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let deps: Janitor;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());
  beforeEach(async () => {
    scratch = await scratchFolder();
    const config = loadConfig({ TRAINYARD_HOME: scratch.path });
    deps = {
      config: { ...config, cache: { ...config.cache, maxBytes: 0 } },
      database: db.database,
      store: await openArtifactStore({ kind: 'disk', folder: scratch.path }),
      logger: pino({ level: 'silent' }),
    };
  });
  afterEach(async () => {
    await deleteSetting(db.database, 'orphans_swept');
    await scratch.remove();
  });

  async function cached(key: string): Promise<string> {
    const { ownerId } = await testRun(db.database.manager);
    const folder = `cache/${ownerId}/${key}/1/`;
    const manifest = await deps.store.put(`${folder}tree.json`, Buffer.from('{}'), 'text/plain');
    const entry = { ownerId, key, builder: 'a', fence: 1 };
    await completeCacheEntry(db.database, entry, { manifest, files: 1, bytes: 100 }, false);
    return manifest.key;
  }

  const turn = () => setting(db.database, 'orphans_swept');
  async function until(reached: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 20_000; !(await reached());) {
      if (Date.now() > deadline) throw new Error('the chores were not done');
    }
  }

  it('deletes cached steps over the size together with their objects', async () => {
    const key = await cached('over');
    expect(await sweepCache(deps)).toBe(1);
    expect(await deps.store.size(key)).toBeUndefined();
  });

  it('does its chores as soon as the worker starts', async () => {
    // What a process left that no longer runs: its number is larger than any.
    const left = temporaryName().replace(`-${String(process.pid)}-`, '-99999999-');
    await mkdir(join(scratch.path, 'tmp', left));
    const key = await cached('old');
    const janitor = startJanitor(deps);
    await until(
      async () =>
        (await deps.store.size(key)) === undefined &&
        (await readdir(join(scratch.path, 'tmp'))).length === 0 &&
        (await turn()) !== undefined,
    );
    await janitor.stop();
  });

  it('looks for objects without an owner once a day, in one of all workers', async () => {
    const { signal } = new AbortController();
    await sweepOrphansDaily(deps, signal);
    const first = await turn();
    await Promise.all([sweepOrphansDaily(deps, signal), sweepOrphansDaily(deps, signal)]);
    expect(first).toBeDefined();
    expect(await turn()).toBe(first);
  });

  it('sweeps no store that was first used with another database', async () => {
    const path = await deps.store.put(
      `uploads/${randomUUID()}/pack-0`,
      Buffer.from('x'),
      'text/plain',
    );
    const warn = jest.spyOn(deps.logger, 'warn');
    await deps.store.put('database-id', Buffer.from('another'), 'text/plain');
    await sweepOrphansDaily(deps, new AbortController().signal);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('another database'));
    expect(await deps.store.size(path.key)).toBe(1);
  });

  it('leaves the turn to another worker when it is stopped before the end', async () => {
    await cached('one');
    await expect(sweepOrphansDaily(deps, AbortSignal.abort())).rejects.toThrow('abort');
    expect(await turn()).toBeUndefined();
  });

  describe('of uploads', () => {
    async function upload(ageDays: number, readBy?: 'open' | 'ended'): Promise<string> {
      const { ownerId, runId } = await testRun(db.database.manager);
      const id = randomUUID();
      const key = `uploads/${id}/tree.json`;
      const manifest = await deps.store.put(key, Buffer.from('{}'), 'text/plain');
      const tree = { manifest, files: 0, bytes: 0 };
      await insertUpload(db.database, { id, user_id: ownerId, tree });
      const age = 'now() - make_interval(days => $2)';
      await db.database.query(`UPDATE upload SET created_at = ${age} WHERE id = $1`, [id, ageDays]);
      if (readBy) await referToUploads(db.database, runId, [id]);
      if (readBy === 'ended')
        await db.database.query('UPDATE run SET ended_at = now() WHERE id = $1', [runId]);
      return id;
    }
    const isThere = async (id: string) =>
      (await deps.store.size(`uploads/${id}/tree.json`)) !== undefined &&
      (await uploadById(db.database, id)) !== undefined;

    it('deletes those that nobody has used for so long, and no other', async () => {
      const [old, young] = [await upload(9), await upload(7)];
      const [open, ended] = [await upload(9, 'open'), await upload(9, 'ended')];
      expect(await sweepUploads(deps)).toBe(0);
      deps.config.uploads.unusedDays = 8;
      expect(await sweepUploads(deps)).toBe(1);
      expect(await Promise.all([old, young, open, ended].map(isThere))).toEqual([
        false,
        true,
        true,
        true,
      ]);
    });

    it('deletes none that a training comes to read meanwhile', async () => {
      const id = await upload(9);
      deps.config.uploads.unusedDays = 8;
      const { runId } = await testRun(db.database.manager);
      let swept!: Promise<number>;
      await db.database.transaction(async (tx) => {
        await referToUploads(tx, runId, [id]);
        swept = sweepUploads(deps);
        // It has found the upload, and waits for this transaction.
        await until(async () => {
          const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
          return (await db.database.query<unknown[]>(sql)).length > 0;
        });
      });
      expect(await swept).toBe(0);
      expect(await isThere(id)).toBe(true);
    });
  });
});
