import type { TreeRef } from '../../artifacts/trees/tree';
import { testDatabase, testDatabasePatienceMs, type TestDatabase } from '../testing/testDatabase';
import { testRun } from '../testing/testRun';
import { requestCancel } from './runs';
import type { StepVersions } from './stageVersions';
import {
  attemptState,
  claimStage,
  publishStage,
  recordOutage,
  refundAttempt,
  saveCheckpoint,
  stageOf,
  unpublishStage,
  withdrawAttempt,
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

  const claim = (versions: StepVersions = { extract: 1, train: 2 }) =>
    db.database.transaction((tx) => claimStage(tx, { runId, stage: 'train' }, versions));
  const at = (fence: number) => ({ runId, stage: 'train', fence });

  it('gives each attempt the next fence, and refuses what an older one writes', async () => {
    const old = await claim();
    const young = await claim();
    expect([old.fence, young.fence]).toEqual([1, 2]);
    expect(await saveCheckpoint(db.database, at(old.fence), checkpoint(9))).toBe(false);
    expect(await publishStage(db.database, at(old.fence), output, 'off')).toBe(false);
    expect(await attemptState(db.database, at(old.fence))).toMatchObject({ fenced: true });
    expect(await publishStage(db.database, at(young.fence), output, 'off')).toBe(true);
  });

  it('begins from the start again when what was published is gone', async () => {
    const { fence } = await claim();
    await saveCheckpoint(db.database, at(fence), checkpoint(9));
    await publishStage(db.database, at(fence), output, 'off');
    await unpublishStage(db.database, { runId, stage: 'train' }, output);
    expect(await claim()).toMatchObject({
      fence: fence + 1,
      output: null,
      checkpoint: null,
    });
  });

  it('publishes once: a published stage keeps its fence and its output', async () => {
    const { fence } = await claim();
    expect(await publishStage(db.database, at(fence), output, 'made')).toBe(true);
    expect(await publishStage(db.database, at(fence), output, 'made')).toBe(false);
    expect(await claim()).toMatchObject({
      fence,
      output,
      attempts: 1,
    });
  });

  it('moves the checkpoint forwards only, and counts attempts since the newest', async () => {
    const first = await claim();
    expect(await saveCheckpoint(db.database, at(first.fence), checkpoint(5))).toBe(true);
    expect(await saveCheckpoint(db.database, at(first.fence), checkpoint(4))).toBe(false);
    const second = await claim();
    expect(second).toMatchObject({ fruitless: 2, checkpoint: { step: 5 } });
    await refundAttempt(db.database, at(second.fence));
    expect(await claim()).toMatchObject({ attempts: 3, fruitless: 2 });
  });

  it('tells the running attempt that its run was cancelled', async () => {
    const { fence } = await claim();
    expect(await attemptState(db.database, at(fence))).toEqual({
      fenced: false,
      cancelRequested: false,
    });
    expect(await requestCancel(db.database, runId)).toBe(true);
    expect(await attemptState(db.database, at(fence))).toMatchObject({
      cancelRequested: true,
    });
  });

  it('keeps a checkpoint whose answer was lost, when it is saved again', async () => {
    const { fence } = await claim();
    expect(await saveCheckpoint(db.database, at(fence), checkpoint(5))).toBe(true);
    expect(await saveCheckpoint(db.database, at(fence), checkpoint(5))).toBe(true);
    const other = { ...checkpoint(5), ref: { ...checkpoint(5).ref, key: 'runs/x/other' } };
    expect(await saveCheckpoint(db.database, at(fence), other)).toBe(false);
  });

  it('does not count an attempt that only found out that it has to wait', async () => {
    const { fence } = await claim();
    await withdrawAttempt(db.database, at(fence));
    expect(await claim()).toMatchObject({ fence: fence + 1, attempts: 1, fruitless: 1 });
  });

  it('remembers since when something is away, until the work gets further', async () => {
    const { fence } = await claim();
    const id = { runId, stage: 'train' };
    const since = await recordOutage(db.database, id);
    expect(since).toBeInstanceOf(Date);
    expect(await recordOutage(db.database, id)).toEqual(since);
    await saveCheckpoint(db.database, at(fence), checkpoint(1));
    expect((await stageOf(db.database, id))!.away_since).toBeNull();
  });

  describe('after an upgrade', () => {
    it('forgets checkpoints and outputs of an older step, or of one that it builds on', async () => {
      for (const newer of [
        { extract: 1, train: 3 },
        { extract: 2, train: 3 },
      ]) {
        const { fence } = await claim();
        await saveCheckpoint(db.database, at(fence), checkpoint(9));
        expect(await claim(newer)).toMatchObject({ checkpoint: null, versions: newer });
        ({ runId } = await testRun(db.database.manager));
      }
      const { fence } = await claim();
      await publishStage(db.database, at(fence), output, 'off');
      expect(await claim({ extract: 2, train: 2 })).toMatchObject({ output: null, cache: null });
    });

    it('keeps a worker of the older version from touching what the newer one makes', async () => {
      await claim({ extract: 1, train: 3 });
      const refused = { kind: 'infrastructure', code: 'newer_version' };
      await expect(claim()).rejects.toMatchObject(refused);
      expect(await claim({ extract: 1, train: 3 })).toMatchObject({ attempts: 2 });
    });
  });
});
