/**
 * A serving process on a database and store of its own with one model deployed, for `predict.ts`.
 * Usage: node dist/bench/serving/server.js <bundle folder> <home>; prints {url, path, token}, ends
 * when its input does.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openArtifactStore } from '../../src/artifacts/openStore';
import { publishTree } from '../../src/artifacts/tree';
import { TokenService } from '../../src/auth/tokens';
import type { Database } from '../../src/database/database';
import { activeDeployments, requestDeployment } from '../../src/database/deployments';
import { insertUser } from '../../src/database/users';
import { testDatabase } from '../../src/database/testing/testDatabase';
import { createLogger, createRegistry } from '../../src/observability';
import { Serving } from '../../src/serving/serving';

async function main(bundle: string, home: string): Promise<void> {
  const db = await testDatabase();
  const store = await openArtifactStore({ kind: 'disk', folder: join(home, 'artifacts') });
  const tokens = new TokenService(randomUUID());
  const modelId = randomUUID();
  const userId = await addOwner(db.database);
  const tree = await publishTree(store, `runs/${modelId}/train/`, bundle);
  await db.database.query(
    `INSERT INTO model (id, name, type, owner_id, train_status, bundle)
     VALUES ($1, 'bench', 'nlp-text', $2, 'complete', $3)`,
    [modelId, userId, JSON.stringify({ tree, path: 'model' })],
  );
  const serving = await Serving.start({
    host: '127.0.0.1',
    port: 0,
    databaseUrl: db.url,
    database: db.database,
    store,
    tokens,
    logger: createLogger('serving', 'warn'),
    registry: createRegistry('serving'),
    installation: 'bench',
    bundleFolder: join(home, 'serving'),
    threads: 2,
    modelBytes: 1024 ** 3,
  });
  await db.database.transaction((tx) =>
    requestDeployment(tx, { modelId, name: 'bench', options: {}, requestedBy: userId }),
  );
  while ((await activeDeployments(db.database.manager))[0]?.deploy_status !== 'complete') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const url = `http://127.0.0.1:${serving.port}`;
  process.stdout.write(
    `${JSON.stringify({ url, path: '/bench/predict', token: tokens.signUser(userId) })}\n`,
  );
  await new Promise((resolve) => process.stdin.resume().on('end', resolve));
  await serving.stop();
  await db.drop();
}

async function addOwner(database: Database): Promise<string> {
  const id = randomUUID();
  await insertUser(database.manager, {
    id,
    username: 'bench',
    email: 'bench@example.org',
    is_admin: false,
    password_hash: 'none',
  });
  return id;
}

main(process.argv[2]!, process.argv[3]!).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
