import type { TreeRef } from '../artifacts/tree';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from './testing/testDatabase';
import { testRun } from './testing/testRun';
import { requestCancel } from './runs';
import {
  claimStage,
  forgiveAttempt,
  publishStage,
  pulse,
  saveCheckpoint,
  unpublishStage,
} from './stages';

const output: TreeRef = {
  manifest: { key: 'runs/x/tree.json', sha256: '0', bytes: 1, mediaType: 'application/json' },
  files: 1,
  bytes: 10,
};
const checkpoint = (step: number) => ({
  step,
  ref: { key: `runs/x/${step}`, sha256: '0', bytes: 1, mediaType: 'application/octet-stream' },
});

describe('stages', () => {
  let db: TestDatabase;
  let runId: string;
  beforeAll(async () => void (db = await testDatabase()), testDatabasePatienceMs);
  beforeEach(async () => void ({ runId } = await testRun(db.database.manager)));
  afterAll(() => db.drop());

  it('gives each attempt the next fence, and refuses what an older one writes', async () => {
    const old = await claimStage(db.database, runId, 'train');
    const young = await claimStage(db.database, runId, 'train');
    expect([old.fence, young.fence]).toEqual([1, 2]);
    expect(await saveCheckpoint(db.database, runId, 'train', old.fence, checkpoint(9))).toBe(false);
    expect(await publishStage(db.database, runId, 'train', old.fence, output, 'off')).toBe(false);
    expect(await pulse(db.database, runId, 'train', old.fence)).toMatchObject({ fenced: true });
    expect(await publishStage(db.database, runId, 'train', young.fence, output, 'off')).toBe(true);
  });

  it('begins from the start again when what was published is gone', async () => {
    const { fence } = await claimStage(db.database, runId, 'train');
    await saveCheckpoint(db.database, runId, 'train', fence, checkpoint(9));
    await publishStage(db.database, runId, 'train', fence, output, 'off');
    await unpublishStage(db.database, runId, 'train');
    expect(await claimStage(db.database, runId, 'train')).toMatchObject({
      fence: fence + 1,
      output: null,
      checkpoint: null,
    });
  });

  it('publishes once: a published stage keeps its fence and its output', async () => {
    const { fence } = await claimStage(db.database, runId, 'train');
    expect(await publishStage(db.database, runId, 'train', fence, output, 'made')).toBe(true);
    expect(await publishStage(db.database, runId, 'train', fence, output, 'made')).toBe(false);
    expect(await claimStage(db.database, runId, 'train')).toMatchObject({
      fence,
      output,
      published_fence: fence,
    });
  });

  it('moves the checkpoint forwards only, and counts attempts since the newest', async () => {
    const first = await claimStage(db.database, runId, 'train');
    expect(await saveCheckpoint(db.database, runId, 'train', first.fence, checkpoint(5))).toBe(
      true,
    );
    expect(await saveCheckpoint(db.database, runId, 'train', first.fence, checkpoint(5))).toBe(
      false,
    );
    expect(await saveCheckpoint(db.database, runId, 'train', first.fence, checkpoint(4))).toBe(
      false,
    );
    const second = await claimStage(db.database, runId, 'train');
    expect(second).toMatchObject({ attempts: 2, checkpoint: { step: 5 } });
    await forgiveAttempt(db.database, runId, 'train', second.fence);
    expect((await claimStage(db.database, runId, 'train')).attempts).toBe(2);
  });

  it('tells the running attempt that its run was cancelled', async () => {
    const { fence } = await claimStage(db.database, runId, 'train');
    expect(await pulse(db.database, runId, 'train', fence)).toEqual({
      fenced: false,
      cancelRequested: false,
    });
    expect(await requestCancel(db.database, runId)).toBe(true);
    expect(await pulse(db.database, runId, 'train', fence)).toMatchObject({
      cancelRequested: true,
    });
  });
});
