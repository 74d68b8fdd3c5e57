import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifactStore';
import { openArtifactStore } from '../../artifacts/openStore';
import { TokenService } from '../../auth/tokens';
import { testDatabase, type TestDatabase } from '../../database/testing/testDatabase';
import { createLogger, createRegistry } from '../../observability';
import { Serving, type ServingOptions } from '../serving';

/** A database and an artifact store, and serving processes' worth of serving on them. */
export interface TestServing {
  db: TestDatabase;
  store: ArtifactStore;
  tokens: TokenService;
  start(options?: Partial<ServingOptions>): Promise<{ serving: Serving; url: string }>;
  /** Stops what was started and removes everything; for `afterAll`. */
  end(): Promise<void>;
}

export async function testServing(): Promise<TestServing> {
  const db = await testDatabase();
  const home = await mkdtemp(join(tmpdir(), 'trainyard-serving-'));
  const store = await openArtifactStore({ kind: 'disk', folder: join(home, 'artifacts') });
  const tokens = new TokenService('a secret of tests'.repeat(3));
  const started: Serving[] = [];
  return {
    db,
    store,
    tokens,
    async start(options = {}) {
      const serving = await Serving.start({
        host: '127.0.0.1',
        port: 0,
        databaseUrl: db.url,
        database: db.database,
        store,
        tokens,
        logger: createLogger('serving', 'silent'),
        registry: createRegistry('serving'),
        installation: 'of tests',
        bundleFolder: join(home, `serving-${started.length}`),
        threads: 2,
        modelBytes: 64 * 1024 * 1024,
        ...options,
      });
      started.push(serving);
      return { serving, url: `http://127.0.0.1:${serving.port}` };
    },
    async end() {
      await Promise.all(started.map((serving) => serving.stop()));
      await db.drop();
      store.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Polls until `isTrue`, for at most 20 s. */
export async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
