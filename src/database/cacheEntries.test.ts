import type { TreeRef } from '../artifacts/tree';
import {
  claimCacheEntry,
  evictCacheEntries,
  fillCacheEntry,
  holdCacheEntry,
  releaseCacheClaim,
  type CacheClaim,
} from './cacheEntries';
import { claimStage, publishStage } from './stages';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';
import { testRun, type TestRun } from './testing/testRun';

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

  const claim = (maker: string, more = {}): Promise<CacheClaim> =>
    claimCacheEntry(db.database, {
      ownerId: run.ownerId,
      key: 'k',
      maker,
      leaseSeconds: 60,
      refresh: false,
      ...more,
    });
  const fill = (maker: string, key = 'cache/k/tree.json') =>
    fillCacheEntry(db.database, run.ownerId, 'k', maker, treeAt(key));

  it('lets the first to ask make the result, and the others wait until it is made', async () => {
    expect(await claim('a')).toEqual({ answer: 'make' });
    expect(await claim('b')).toEqual({ answer: 'wait', maker: 'a' });
    expect(await fill('a')).toBe(true);
    expect(await claim('b')).toEqual({ answer: 'made', output: treeAt('cache/k/tree.json') });
  });

  it('lets a maker that starts again go on with its own claim', async () => {
    await claim('a');
    expect(await claim('a')).toEqual({ answer: 'make' });
  });

  it('replaces a maker whose lease has run out, and refuses its late result', async () => {
    await claim('a', { leaseSeconds: -1 });
    expect(await claim('b')).toEqual({ answer: 'make' });
    expect(await fill('a')).toBe(false);
    expect(await fill('b')).toBe(true);
  });

  it('gives the turn on at once when a maker gives up', async () => {
    await claim('a');
    await releaseCacheClaim(db.database, run.ownerId, 'k', 'a');
    expect(await claim('b')).toEqual({ answer: 'make' });
  });

  it('makes a made result anew on request', async () => {
    await claim('a');
    await fill('a');
    expect(await claim('b', { refresh: true })).toEqual({ answer: 'make' });
  });

  it('offers a result to those who were given it until it is made anew', async () => {
    await claim('a');
    await fill('a', 'cache/k/1/tree.json');
    const offered = (key: string) =>
      holdCacheEntry(db.database, run.ownerId, 'k', treeAt(`cache/k/${key}/tree.json`));
    expect(await offered('1')).toBe(true);
    await claim('b', { refresh: true });
    expect(await offered('1')).toBe(false);
    await fill('b', 'cache/k/2/tree.json');
    expect([await offered('1'), await offered('2')]).toEqual([false, true]);
  });

  it('keeps owners apart', async () => {
    await claim('a');
    const other = await testRun(db.database.manager);
    expect(await claim('b', { ownerId: other.ownerId })).toEqual({ answer: 'make' });
  });

  it('evicts what is over the size, but nothing that an unfinished run reads', async () => {
    const key = `cache/${run.ownerId}/tree.json`;
    await claim('a');
    await fill('a', key);
    const { fence } = await claimStage(db.database, run.runId, 'extract');
    await publishStage(db.database, run.runId, 'extract', fence, treeAt(key), 'hit');
    const evictedKeys = async () =>
      (await evictCacheEntries(db.database, 30, 0)).map(({ manifest }) => manifest.key);
    expect(await evictedKeys()).not.toContain(key);
    await db.database.query('UPDATE run SET ended_at = now() WHERE id = $1', [run.runId]);
    expect(await evictedKeys()).toContain(key);
  });
});
