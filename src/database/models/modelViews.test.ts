import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database';
import { modelsOfTeam, visibleModels, type Page } from './modelViews';
import { planOf } from '../testing/queryPlan';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { insertTeam } from '../accounts/teams';
import { insertUser, type User } from '../accounts/users';

const models = 100_000;
const limit = 1000;

describe('a page of 100,000 models', () => {
  let db: TestDatabase;
  const admin = user(true);
  const ana = user(false);
  const team = randomUUID();

  beforeAll(async () => {
    db = await testDatabase();
    const others = Array.from({ length: 20 }, () => user(false));
    for (const one of [admin, ana, ...others]) {
      await insertUser(db.database, { ...one, password_hash: '' });
    }
    await insertTeam(db.database, { id: team, name: 'team' });
    await db.database.query('INSERT INTO team_member VALUES ($1, $2)', [ana.id, team]);
    // Of 100: 1 is Ana's, 1 her team's, 2 public, 96 private to others.
    await db.database.query(
      `INSERT INTO model (id, name, type, owner_id, team_id, access, attributes, published_at)
       SELECT gen_random_uuid(), 'model ' || i, 'nlp-text',
         CASE WHEN i % 100 = 0 THEN $1::uuid ELSE ($2::uuid[])[1 + i % 20] END,
         CASE WHEN i % 100 = 1 THEN $3::uuid END,
         CASE WHEN i % 100 = 1 THEN 'protected' WHEN i % 100 < 4 AND i % 100 > 1 THEN 'public'
           ELSE 'private' END,
         '{"metadata": "{}"}', now() - i * interval '1 second'
       FROM generate_series(1, $4::int) AS i`,
      [ana.id, others.map(({ id }) => id), team, models],
    );
    await db.database.query(
      `INSERT INTO message (model_id, job, level, text)
       SELECT id, 'train', 'warning', 'row 3 is empty' FROM model`,
    );
    await db.database.query('VACUUM ANALYZE');
  }, testDatabasePatienceMs);
  afterAll(() => db.drop());

  const lists: [string, (queryable: Queryable, page: Page) => Promise<{ cursor: string }[]>][] = [
    ['an administrator', (queryable, page) => visibleModels(queryable, admin, page)],
    ['a user', (queryable, page) => visibleModels(queryable, ana, page)],
    ['a team', (queryable, page) => modelsOfTeam(queryable, team, page)],
  ];

  it.each(lists)('for %s is found by indexes and reads no more than it shows', async (_, list) => {
    const first = await list(db.database, { limit: limit / 2 });
    const after = first.at(-1)!.cursor;
    for (const page of [{ limit }, { limit, after }]) {
      const nodes = await planOf(db.database, (queryable) => list(queryable, page));
      const large = nodes.filter(
        ({ 'Relation Name': name }) => name === 'model' || name === 'message',
      );
      expect(large.length).toBeGreaterThan(1);
      for (const node of large) {
        expect(node['Node Type']).toMatch(/^(Index|Bitmap Heap)/);
        expect(node['Actual Rows'] * node['Actual Loops']).toBeLessThanOrEqual(limit);
        expect(node['Rows Removed by Filter'] ?? 0).toBe(0);
      }
      for (const node of nodes.filter((found) => found['Node Type'] === 'Sort')) {
        expect(node['Actual Rows']).toBeLessThanOrEqual(3 * limit);
      }
    }
  });

  it('goes on where the one before ended, without gaps or repetitions', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await visibleModels(db.database, ana, { limit, after });
      seen.push(...page.map(({ id }) => id));
      after = page.length === limit ? page.at(-1)!.cursor : undefined;
    } while (after !== undefined);
    expect(seen).toHaveLength((models / 100) * 4);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

function user(is_admin: boolean): User {
  const id = randomUUID();
  return { id, username: id, email: `${id}@example.org`, is_admin };
}
