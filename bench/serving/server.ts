/**
 * A serving process on a database and store of its own with models deployed, for the benches beside it.
 * Usage: node dist/bench/serving/server.js <home> <users> <name>=<folder of a train stage>...
 * Prints {url, tokens}: one token a user, who may all ask every model. Ends when its input does.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ArtifactStore } from '../../src/artifacts/artifactStore';
import { openArtifactStore } from '../../src/artifacts/openStore';
import { publishTree } from '../../src/artifacts/trees/tree';
import { TokenService } from '../../src/auth/tokens';
import type { Database } from '../../src/database/database';
import { activeDeployments, requestDeployment } from '../../src/database/models/deployments';
import { insertUser } from '../../src/database/accounts/users';
import { testDatabase } from '../../src/database/testing/testDatabase';
import { createLogger, createRegistry } from '../../src/observability';
import { Serving } from '../../src/serving/serving';

async function main(home: string, users: string, models: string[]): Promise<void> {
  const db = await testDatabase();
  const store = await openArtifactStore({ kind: 'disk', folder: join(home, 'artifacts') });
  const tokens = new TokenService(randomUUID());
  const callers: string[] = [];
  for (let i = 0; i < Number(users); i++) callers.push(await addUser(db.database, `caller-${i}`));
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
  for (const model of models) {
    const [name, folder] = model.split('=') as [string, string];
    await deploy(db.database, store, callers[0]!, name, folder);
  }
  for (;;) {
    const all = await activeDeployments(db.database.manager);
    if (all.every((row) => row.deploy_status === 'complete')) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const url = `http://127.0.0.1:${serving.port}`;
  process.stdout.write(
    `${JSON.stringify({ url, tokens: callers.map((id) => tokens.signUser(id)) })}\n`,
  );
  await new Promise((resolve) => process.stdin.resume().on('end', resolve));
  await serving.stop();
  await db.drop();
}

async function deploy(
  database: Database,
  store: ArtifactStore,
  owner: string,
  name: string,
  folder: string,
): Promise<void> {
  const modelId = randomUUID();
  const tree = await publishTree(store, `runs/${modelId}/train/`, folder);
  await database.query(
    `INSERT INTO model (id, name, type, owner_id, access, train_status, bundle)
     VALUES ($1, $2, 'nlp-text', $3, 'public', 'complete', $4)`,
    [modelId, name, owner, JSON.stringify({ tree, path: 'model' })],
  );
  await database.transaction((tx) =>
    requestDeployment(tx, { modelId, name, options: {}, requestedBy: owner }),
  );
}

async function addUser(database: Database, username: string): Promise<string> {
  const id = randomUUID();
  await insertUser(database.manager, {
    id,
    username,
    email: `${username}@example.org`,
    is_admin: false,
    password_hash: 'none',
  });
  return id;
}

main(process.argv[2]!, process.argv[3]!, process.argv.slice(4)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
