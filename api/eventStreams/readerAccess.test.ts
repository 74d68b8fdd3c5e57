import { randomUUID } from 'node:crypto';
import { insertTeam } from '../../src/database/accounts/teams';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../../src/database/testing/testDatabase';
import { testRun } from '../../src/database/testing/testRun';
import { insertApiToken } from '../../src/database/accounts/tokens';
import { setAdministrator, updatePassword } from '../../src/database/accounts/users';
import { TrainyardError } from '../../src/errors';
import { createLogger } from '../../src/observability';
import { ReaderAccess, type Reader } from './readerAccess';

const readers = 200;
const patienceMs = 60_000;

describe('the access of event streams', () => {
  let db: TestDatabase;
  let access: ReaderAccess;
  let userId: string;
  let modelId: string;
  const token = randomUUID();
  /** Of one test: a look that began in the test before may still end with a check. */
  let tally: { checks: number };
  let looks: number;
  const refusals: string[] = [];
  const team = randomUUID();

  beforeAll(async () => {
    db = await testDatabase();
    ({ ownerId: userId, modelId } = await testRun(db.database));
    await insertTeam(db.database, { id: team, name: 'team' });
    const row = { id: token, name: 'token', hash: 'hash', expires_at: null, user_id: userId };
    await insertApiToken(db.database, row);
  }, testDatabasePatienceMs);
  beforeEach(() => {
    tally = { checks: 0 };
    looks = 0;
    refusals.length = 0;
    const query = db.database.query.bind(db.database);
    jest.spyOn(db.database, 'query').mockImplementation((sql, ...rest) => {
      if (sql.includes('AS mark')) looks++;
      return query(sql, ...rest);
    });
    const logger = createLogger('api', 'silent');
    access = new ReaderAccess({ database: db.database, logger, everyMs: 10 });
  });
  afterEach(() => {
    access.stop();
    jest.restoreAllMocks();
  });
  afterAll(() => db.drop());

  function counting(): () => Promise<void> {
    const own = tally;
    return () => {
      own.checks++;
      return Promise.resolve();
    };
  }

  function watch(changes: Partial<Reader> = {}): () => void {
    return access.watch({
      userId,
      modelId,
      expiresAt: null,
      checkAccess: counting(),
      onRefused: (reason) => refusals.push(reason),
      ...changes,
    });
  }

  /** Waits for statements that begin from here on. */
  async function looksAgain(): Promise<void> {
    const from = looks;
    await until(() => looks >= from + 3);
  }

  it('is looked for with one statement for all, and checked only at the beginning', async () => {
    for (let i = 0; i < readers; i++) watch();
    await until(() => tally.checks === readers);
    await looksAgain();
    expect(tally.checks).toBe(readers);
  });

  const changes: [string, (tx: TestDatabase['database']) => Promise<unknown>][] = [
    [
      "the model's settings",
      (tx) => tx.query(`UPDATE model SET access = 'public' WHERE id = $1`, [modelId]),
    ],
    [
      "the model's team",
      (tx) => tx.query('UPDATE model SET team_id = $2 WHERE id = $1', [modelId, team]),
    ],
    [
      'a membership',
      (tx) =>
        tx.query('INSERT INTO team_member (team_id, user_id) VALUES ($1, $2)', [team, userId]),
    ],
    ['a part in the team', (tx) => tx.query('UPDATE team_member SET is_team_admin = true')],
    ['the rights of the user', (tx) => setAdministrator(tx, userId, true)],
    ['the password', (tx) => updatePassword(tx.manager, userId, 'another')],
    ['a token', (tx) => tx.query('DELETE FROM api_token WHERE id = $1', [token])],
  ];
  it.each(changes)(
    'is checked again after a change of %s',
    async (_, change) => {
      watch();
      await until(() => tally.checks === 1);
      await looksAgain();
      expect(tally.checks).toBe(1);
      await change(db.database);
      await until(() => tally.checks === 2);
    },
    patienceMs,
  );

  it('is checked when the time of the token is over', async () => {
    watch({ expiresAt: new Date(Date.now() + 500) });
    await until(() => tally.checks >= 2);
  });

  it('ends one stream, once, with the reason of the refusal', async () => {
    const refuse = () => Promise.reject(new TrainyardError('config', 'forbidden', 'no more', 403));
    watch();
    watch({ checkAccess: refuse });
    await until(() => refusals.length === 1 && tally.checks === 1);
    await looksAgain();
    expect(refusals).toEqual(['no more']);
  });

  it('is not refused by a database that is away, but checked when it is back', async () => {
    const counted = counting();
    let away = true;
    let tries = 0;
    const checkAccess = () => {
      tries++;
      return away ? Promise.reject(new Error('the database is away')) : counted();
    };
    watch({ checkAccess });
    await until(() => tries > 2);
    away = false;
    await until(() => tally.checks === 1);
    expect(refusals).toEqual([]);
  });
});

async function until(reached: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!reached()) {
    if (Date.now() > deadline) throw new Error(`not reached in ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
