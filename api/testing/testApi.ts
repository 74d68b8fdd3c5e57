import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import request from 'supertest';
import { DiskStore } from '../../src/artifacts/disk/diskStore';
import { createAccount } from '../../src/auth/accounts';
import { AttemptLimits } from '../../src/auth/attemptLimits';
import { TokenService } from '../../src/auth/tokens';
import { loadConfig } from '../../src/config';
import { insertModel } from '../../src/database/models/models';
import { testDatabase } from '../../src/database/testing/testDatabase';
import { createLogger, createRegistry } from '../../src/observability';
import { OpenStreams } from '../core/openStreams';
import type { Route } from '../core/route';
import type { ApiDependencies } from '../dependencies';
import { ModelEvents } from '../eventStreams/modelEvents';
import { ReaderAccess } from '../eventStreams/readerAccess';
import { listen } from '../listen';
import { createApp } from '../server';

/** Somebody who is signed up and in. */
export interface Person {
  user_id: string;
  username: string;
  email: string;
  token: string;
}

/** The API on a database of its own. There is no Temporal: what needs one is tested in `test/`. */
export interface TestApi {
  url: string;
  deps: ApiDependencies;
  /** Requests in a person's name, or in nobody's. */
  as(person?: Pick<Person, 'token'>): ReturnType<typeof request.agent>;
  person(username?: string, isAdmin?: boolean): Promise<Person>;
  /** A private model that is not trained; @returns its id */
  model(owner: Person, name?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Their password, of everyone. */
export const password = 'correct horse';

/**
 * @param routes in place of the product's own
 * @param settings variables beside the home
 * @param pollMs how often event streams ask the database without being told to
 */
export async function testApi(
  routes?: readonly Route[],
  settings: Record<string, string> = {},
  pollMs?: number,
): Promise<TestApi> {
  const home = mkdtempSync(join(tmpdir(), 'trainyard-api-'));
  const db = await testDatabase();
  // Without the SDK's retries, which would go on after the connection is closed.
  const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
  const stopping = new AbortController();
  const config = loadConfig({ ...settings, TRAINYARD_HOME: home });
  const { database } = db;
  const logger = createLogger('api', 'silent');
  const deps: ApiDependencies = {
    config,
    database,
    store: await DiskStore.open(join(home, 'artifacts')),
    temporal: new Client({ connection }),
    tokens: new TokenService('unit tests sign with this secret'),
    attempts: new AttemptLimits(db.database, config.accounts),
    streams: new OpenStreams(config.eventStreams),
    modelEvents: new ModelEvents({
      database,
      databaseUrl: db.url,
      logger,
      ...(pollMs === undefined ? {} : { pollMs }),
    }),
    readerAccess: new ReaderAccess({ database, logger }),
    logger,
    metrics: createRegistry('api'),
    stopping: stopping.signal,
    checkReplies: true,
  };
  const server = await listen(createApp(deps, [], routes), { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    deps,
    as: (person) => {
      const agent = request.agent(server.url);
      return person ? agent.set('Authorization', `Bearer ${person.token}`) : agent;
    },
    person: async (username = `user-${randomUUID().slice(0, 8)}`, isAdmin = false) => {
      const account = { username, email: `${username}@example.org`, password, is_admin: isAdmin };
      const user_id = await createAccount(db.database, account);
      const token = deps.tokens.signUser(user_id);
      return { user_id, username, email: account.email, token };
    },
    model: async ({ user_id }, name = `model-${randomUUID().slice(0, 8)}`) => {
      const id = randomUUID();
      const model = { id, name, type: 'nlp-text', owner_id: user_id, base_model_id: null };
      await insertModel(db.database, { ...model, attributes: {} });
      return id;
    },
    stop: async () => {
      stopping.abort();
      await server.stop();
      deps.readerAccess.stop();
      await deps.modelEvents.stop();
      await connection.close();
      await db.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
