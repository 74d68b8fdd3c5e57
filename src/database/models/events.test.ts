import type { Queryable } from '../database';
import { deploymentLog } from './deploymentLog';
import { eventsAfter, replaceProgressEvent } from './events';
import { planOf } from '../testing/queryPlan';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { testRun } from '../testing/testRun';

const eventsEach = 20_000;
const newest = 200;

describe('of models with many events', () => {
  let db: TestDatabase;
  let modelId: string;
  beforeAll(async () => {
    db = await testDatabase();
    const models: string[] = [];
    for (let i = 0; i < 5; i++) models.push((await testRun(db.database)).modelId);
    modelId = models[2]!;
    // Of 100: 97 of the training, with its progress, 2 of the deployment's status and one of its errors.
    await db.database.query(
      `INSERT INTO event (model_id, seq, type, data, actor)
       SELECT model_id, seq,
         CASE seq % 100 WHEN 0 THEN 'error' WHEN 1 THEN 'deploy_status' WHEN 2 THEN 'deploy_status'
           WHEN 3 THEN 'progress' ELSE 'stage_started' END,
         CASE seq % 100 WHEN 0 THEN '{"job": "deploy", "text": "x"}'::jsonb ELSE '{"stage": "train"}' END,
         'train#1'
       FROM unnest($1::uuid[]) AS model_id, generate_series(1, $2::int) AS seq`,
      [models, eventsEach],
    );
    await db.database.query('UPDATE model SET event_seq = $1', [eventsEach]);
    await db.database.query('VACUUM ANALYZE');
  }, testDatabasePatienceMs);
  afterAll(() => db.drop());

  const reads: [string, number, (db: Queryable) => Promise<unknown>][] = [
    ['the log of deployments', 3 * newest, (queryable) => deploymentLog(queryable, modelId)],
    ['what is new', 10, (queryable) => eventsAfter(queryable, modelId, eventsEach - 10, newest)],
    ['nothing new', 0, (queryable) => eventsAfter(queryable, modelId, eventsEach, newest)],
    [
      'a page from the beginning',
      newest,
      (queryable) => eventsAfter(queryable, modelId, 0, newest),
    ],
    [
      'the progress to replace',
      eventsEach / 100,
      (queryable) => replaceProgressEvent(queryable, modelId, 'train', {}, 'train#1'),
    ],
  ];

  it.each(reads)(
    '%s is found by an index and reads no more than it gives',
    async (_, most, read) => {
      const nodes = await planOf(db.database, read);
      const scans = nodes.filter(
        (node) => node['Relation Name'] === 'event' && node['Node Type'] !== 'ModifyTable',
      );
      expect(scans.length).toBeGreaterThan(0);
      for (const node of scans) {
        expect(node['Node Type']).toMatch(/^(Index|Bitmap Heap)/);
        expect(node['Actual Rows'] * node['Actual Loops']).toBeLessThanOrEqual(most);
        expect(node['Rows Removed by Filter'] ?? 0).toBe(0);
      }
    },
  );

  it('the log shows the newest of them in their order', async () => {
    const [log] = await deploymentLog(db.database, modelId);
    const lines = (log!.stdout + log!.stderr).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(50);
    expect(log!.stderr).toMatch(/error: x\n$/);
  });
});
