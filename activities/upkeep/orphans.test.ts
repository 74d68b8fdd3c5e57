import { randomUUID } from 'node:crypto';
import { openArtifactStore } from '../../src/artifacts/openStore';
import type { ArtifactStore } from '../../src/artifacts/artifactStore';
import { scratchFolder } from '../../src/artifacts/testing/scratchFolder';
import type { TreeRef } from '../../src/artifacts/trees/tree';
import { completeCacheEntry } from '../../src/database/runs/cacheEntries';
import { rows } from '../../src/database/database';
import { keepEncoderContent } from '../../src/database/models/encoders';
import { claimStage, publishStage, saveCheckpoint } from '../../src/database/runs/stages';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun, type TestRun } from '../../src/database/testing/testRun';
import { insertUpload } from '../../src/database/uploads/uploads';
import { deleteUnlessHeld, sweepOrphans } from './orphans';

/** Everything counts as old: what was written just now, and runs that have ended just now. */
const graceMs = -60_000;

describe('objects without an owner', () => {
  let db: TestDatabase;
  let store: ArtifactStore;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  let run: TestRun;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  afterAll(() => db.drop());
  beforeEach(async () => {
    scratch = await scratchFolder();
    store = await openArtifactStore({ kind: 'disk', folder: scratch.path });
    run = await testRun(db.database.manager);
  });
  afterEach(() => scratch.remove());

  const claim = (stage: string) => claimStage(db.database, { runId: run.runId, stage }, {});
  const places = () => ({ database: db.database, store });
  const sweep = () => sweepOrphans(places(), { graceMs });
  const endRun = () =>
    db.database.query('UPDATE run SET ended_at = now() WHERE id = $1', [run.runId]);
  /** A folder of objects, as a tree's publication leaves it. */
  async function tree(prefix: string): Promise<TreeRef> {
    await store.put(`${prefix}pack-0`, Buffer.from('x'), 'application/octet-stream');
    const manifest = await store.put(`${prefix}tree.json`, Buffer.from('{}'), 'application/json');
    return { manifest, files: 1, bytes: 1 };
  }
  async function kept(): Promise<string[]> {
    const folders = new Set<string>();
    for (const part of ['uploads', 'models', 'encoders', 'runs', 'cache', 'other']) {
      for await (const key of store.list(`${part}/`)) {
        folders.add(key.slice(0, key.lastIndexOf('/') + 1));
      }
    }
    return [...folders].sort();
  }
  async function published(stage: string, fence: number): Promise<string> {
    const prefix = `runs/${run.runId}/${stage}/${run.runId}-${String(fence)}/`;
    await publishStage(db.database, { runId: run.runId, stage, fence }, await tree(prefix), 'off');
    return prefix;
  }

  it('are swept when their upload, model, encoder or run has no row', async () => {
    const uploadId = randomUUID();
    const held = [
      `uploads/${uploadId}/`,
      `models/${run.modelId}/`,
      `encoders/${randomUUID()}/`,
      await published('train', (await claim('train')).fence),
    ] as const;
    const index = await tree(held[0]);
    await insertUpload(db.database, { id: uploadId, user_id: run.ownerId, tree: index });
    await tree(held[1]);
    const facts = { family: 'bert', dims: 1, max_length: 1, context_length: 1, bytes: 1 };
    await keepEncoderContent(db.database, { ...facts, hash: held[2], tree: await tree(held[2]) });
    for (const part of ['uploads', 'models', 'encoders']) await tree(`${part}/${randomUUID()}/`);
    await tree(`runs/${randomUUID()}/train/1/`);
    await tree(`cache/${randomUUID()}/key/1/`);
    expect(await sweep()).toBe(5);
    expect(await kept()).toEqual([...held].sort());
  });

  it('stay for a day, as an upload or a publication may be under way', async () => {
    await tree(`uploads/${randomUUID()}/`);
    await tree(`runs/${randomUUID()}/train/1/`);
    const before = await kept();
    expect(await sweepOrphans(places())).toBe(0);
    expect(await kept()).toEqual(before);
  });

  it('stay where their place says nothing of an owner', async () => {
    const strange = ['cache/flat/', 'other/x/', 'runs/not-a-run/train/1/', 'uploads/'];
    for (const prefix of strange) await tree(prefix);
    expect(await sweep()).toBe(0);
    expect(await kept()).toEqual(strange);
  });

  it('are what overtaken attempts of a finished run left; what is published stays', async () => {
    const { fence: overtaken } = await claim('train');
    await tree(`runs/${run.runId}/train/${run.runId}-${String(overtaken)}/`);
    const { fence } = await claim('train');
    const result = await published('train', fence);
    expect(await sweep()).toBe(0);
    await endRun();
    expect(await sweep()).toBe(1);
    expect(await kept()).toEqual([result]);
  });

  it('are the checkpoints of published stages; a retry finds those of the others', async () => {
    const key = (stage: string) => `runs/${run.runId}/checkpoints/${stage}/1-10`;
    for (const stage of ['embed-0', 'train']) {
      const { fence } = await claim(stage);
      const ref = await store.put(key(stage), Buffer.from('x'), 'application/octet-stream');
      await saveCheckpoint(db.database, { runId: run.runId, stage, fence }, { step: 10, ref });
    }
    const result = await published('embed-0', 1);
    await endRun();
    expect(await sweep()).toBe(1);
    expect(await kept()).toEqual([`runs/${run.runId}/checkpoints/train/`, result].sort());
  });

  describe('in the step cache', () => {
    const folder = (attempt: number) => `cache/${run.ownerId}/k/${String(attempt)}/`;
    async function make(attempt: number): Promise<TreeRef> {
      const output = await tree(folder(attempt));
      const entry = { ownerId: run.ownerId, key: 'k', builder: 'a', fence: attempt };
      await completeCacheEntry(db.database, entry, output, true);
      return output;
    }

    it('are what was made anew, once no unfinished run reads it', async () => {
      const old = await make(1);
      const { fence } = await claim('extract');
      await publishStage(db.database, { runId: run.runId, stage: 'extract', fence }, old, 'hit');
      await make(2);
      expect(await sweep()).toBe(0);
      await endRun();
      expect(await sweep()).toBe(1);
      expect(await kept()).toEqual([folder(2)]);
    });

    it('stay when a run that reads them is opened again at that moment', async () => {
      const old = await make(1);
      const { fence } = await claim('extract');
      await publishStage(db.database, { runId: run.runId, stage: 'extract', fence }, old, 'hit');
      await make(2);
      await endRun();
      let deleting: Promise<boolean> | undefined;
      await db.database.transaction(async (tx) => {
        await tx.query('UPDATE run SET ended_at = NULL WHERE id = $1', [run.runId]);
        deleting = deleteUnlessHeld(places(), 'cache', folder(1), graceMs);
        await waitsForLock();
      });
      expect(await deleting).toBe(false);
      expect(await kept()).toEqual([folder(1), folder(2)]);
    });

    /** Until some statement of this database waits for the lock of another. */
    async function waitsForLock(): Promise<void> {
      const sql = `SELECT 1 FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      for (const deadline = Date.now() + 10_000; ;) {
        if ((await rows(db.database, sql)).length > 0) return;
        if (Date.now() > deadline) throw new Error('nothing waited for a lock');
      }
    }
  });
});
