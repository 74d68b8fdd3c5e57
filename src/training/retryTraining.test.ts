import type { TreeRef } from '../artifacts/trees/tree';
import { stageKey } from '../database/runs/stageKey';
import { claimStage, publishStage, saveCheckpoint } from '../database/runs/stages';
import {
  testDatabase,
  testDatabasePatienceMs,
  type TestDatabase,
} from '../database/testing/testDatabase';
import { testRun } from '../database/testing/testRun';
import { retryTraining } from './retryTraining';

const ref = { key: 'runs/x', sha256: '0', bytes: 1, mediaType: 'application/json' };
const output: TreeRef = { manifest: ref, files: 1, bytes: 1 };

let db: TestDatabase;
beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
afterAll(() => db.drop());

/** What became of a stage before the run failed. */
type Left = [stage: string, left: 'published' | 'checkpoint' | 'nothing'];

async function failed(options: object, ...stages: Left[]): Promise<string> {
  const { database } = db;
  const { runId, modelId } = await testRun(database);
  await database.query('UPDATE run SET options = $2, ended_at = now() WHERE id = $1', [
    runId,
    JSON.stringify(options),
  ]);
  await database.query(`UPDATE model SET train_status = 'failed' WHERE id = $1`, [modelId]);
  for (const [stage, left] of stages) {
    const { fence } = await database.transaction((tx) => claimStage(tx, { runId, stage }, {}));
    const at = { runId, stage, fence };
    if (left === 'published') await publishStage(database, at, output, 'made');
    if (left === 'checkpoint') await saveCheckpoint(database, at, { step: 5, ref });
  }
  return modelId;
}

async function retried(modelId: string) {
  const { stages } = await db.database.transaction((tx) => retryTraining(tx, modelId));
  return stages.map(({ stage, reuse }) => [stage, reuse]);
}

describe('retryTraining', () => {
  it('lists the stages that the training has: embed where its encoder is frozen', async () => {
    const others = [
      ['train', 'none'],
      ['evaluate', 'none'],
    ];
    const read = [
      ['extract', 'none'],
      ['preprocess', 'none'],
    ];
    for (const options of [{}, { encoder: null }, { encoder: { training: 'full' } }]) {
      expect(await retried(await failed(options))).toEqual([...read, ...others]);
    }
    expect(await retried(await failed({ encoder: { training: 'frozen' } }))).toEqual([
      ...read,
      ['embed', 'none'],
      ...others,
    ]);
  });

  it('says what is kept of each stage that had begun', async () => {
    const model = await failed(
      { encoder: { training: 'frozen' } },
      ['extract', 'published'],
      ['preprocess', 'published'],
      [stageKey('embed', 0), 'published'],
      [stageKey('embed', 1), 'nothing'],
      ['train', 'checkpoint'],
    );
    expect(await retried(model)).toEqual([
      ['extract', 'all'],
      ['preprocess', 'all'],
      ['embed', 'from checkpoint'],
      ['train', 'from checkpoint'],
      ['evaluate', 'none'],
    ]);
  });

  it('refuses a training that has not ended, and one that is open again', async () => {
    const { modelId } = await testRun(db.database);
    await expect(retried(modelId)).rejects.toMatchObject({ code: 'not_retryable' });
    const once = await failed({});
    await retried(once);
    await expect(retried(once)).rejects.toMatchObject({ code: 'not_retryable' });
  });
});
