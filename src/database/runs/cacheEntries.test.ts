import type { TreeRef } from '../../artifacts/trees/tree';
import {
  claimCacheEntry,
  completeCacheEntry,
  evictCacheEntries,
  holdCacheEntry,
  lookUpCacheEntry,
  releaseCacheClaim,
  type CacheClaim,
} from './cacheEntries';
import { claimStage, publishStage } from './stages';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { testRun, type TestRun } from '../testing/testRun';

const treeAt = (key: string): TreeRef => ({
  manifest: { key, sha256: '0', bytes: 1, mediaType: 'application/json' },
  files: 1,
  bytes: 1000,
});

describe('the step cache', () => {
  let db: TestDatabase;
  let run: TestRun;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  beforeEach(async () => void (run = await testRun(db.database.manager)));
  afterAll(() => db.drop());

  const entry = (builder: string, fence = 1) => ({
    ownerId: run.ownerId,
    key: 'k',
    builder,
    fence,
  });
  const claim = (builder: string, more = {}): Promise<CacheClaim> =>
    claimCacheEntry(db.database, {
      ...entry(builder),
      leaseSeconds: 60,
      refresh: false,
      ...more,
    });
  const complete = async (builder: string, key = 'cache/k/tree.json', refresh = false) =>
    (await completeCacheEntry(db.database, entry(builder), treeAt(key), refresh)).manifest.key;

  it('lets the first to ask build the result, and the others wait until it is there', async () => {
    expect(await claim('a')).toEqual({ answer: 'build' });
    expect(await claim('b')).toEqual({ answer: 'pending' });
    await complete('a');
    expect(await claim('b')).toEqual({ answer: 'hit', output: treeAt('cache/k/tree.json') });
  });

  it('tells who looks what a claim would bring, and claims nothing', async () => {
    const look = async (builder: string) =>
      (await lookUpCacheEntry(db.database, entry(builder), builder)).answer;
    expect([await look('a'), await look('b')]).toEqual(['miss', 'miss']);
    await claim('a');
    expect([await look('a'), await look('b')]).toEqual(['miss', 'pending']);
    await complete('a');
    expect([await look('a'), await look('b')]).toEqual(['hit', 'hit']);
  });

  it('lets a newer attempt of the same builder take over, and an older one wait', async () => {
    await claim('a', { fence: 2 });
    expect(await claim('a', { fence: 1 })).toEqual({ answer: 'pending' });
    expect(await claim('a', { fence: 3 })).toEqual({ answer: 'build' });
  });

  it('does not let an overtaken attempt give up the claim of the newer one', async () => {
    await claim('a', { fence: 1 });
    await claim('a', { fence: 2 });
    await releaseCacheClaim(db.database, entry('a', 1));
    expect(await claim('b')).toEqual({ answer: 'pending' });
  });

  it('replaces a builder whose lease has run out; the first result to come is everybody’s', async () => {
    await claim('a', { leaseSeconds: -1 });
    expect(await claim('b')).toEqual({ answer: 'build' });
    expect(await complete('a', 'cache/k/a/tree.json')).toBe('cache/k/a/tree.json');
    expect(await complete('b', 'cache/k/b/tree.json')).toBe('cache/k/a/tree.json');
  });

  it('gives the turn on at once when a builder gives up', async () => {
    await claim('a');
    await releaseCacheClaim(db.database, entry('a'));
    expect(await claim('b')).toEqual({ answer: 'build' });
  });

  it('builds a result anew on request, and offers that one from then on', async () => {
    await claim('a');
    await complete('a', 'cache/k/1/tree.json');
    const offered = (key: string) =>
      holdCacheEntry(db.database, entry('a'), treeAt(`cache/k/${key}/tree.json`));
    expect(await offered('1')).toBe(true);
    expect(await claim('b', { refresh: true })).toEqual({ answer: 'build' });
    expect(await offered('1')).toBe(false);
    await complete('b', 'cache/k/2/tree.json', true);
    expect([await offered('1'), await offered('2')]).toEqual([false, true]);
  });

  it('keeps owners apart', async () => {
    await claim('a');
    const other = await testRun(db.database.manager);
    expect(await claim('b', { ownerId: other.ownerId })).toEqual({ answer: 'build' });
  });

  it('evicts what is over the size, but nothing that an unfinished run reads', async () => {
    const key = `cache/${run.ownerId}/tree.json`;
    await claim('a');
    await complete('a', key);
    const { fence } = await claimStage(db.database, { runId: run.runId, stage: 'extract' }, {});
    const stage = { runId: run.runId, stage: 'extract', fence };
    await publishStage(db.database, stage, treeAt(key), 'hit');
    const evictedKeys = async () =>
      (await evictCacheEntries(db.database, 30, 0)).map(({ manifest }) => manifest.key);
    expect(await evictedKeys()).not.toContain(key);
    await db.database.query('UPDATE run SET ended_at = now() WHERE id = $1', [run.runId]);
    expect(await evictedKeys()).toContain(key);
  });
});
