import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { AllocationOptions } from '../../../src/allocation/allocation';
import { ResourceSemaphore } from '../../../src/allocation/semaphore';
import { DiskStore } from '../../../src/artifacts/disk/diskStore';
import { FaultyStore } from '../../../src/artifacts/testing/faultyStore';
import { readTreeFile } from '../../../src/artifacts/trees/tree';
import { loadConfig, type Config } from '../../../src/config';
import { stageOf, type StageRow } from '../../../src/database/runs/stages';
import type { TestDatabase } from '../../../src/database/testing/testDatabase';
import { testRun, type TestRun } from '../../../src/database/testing/testRun';
import { createLogger, createRegistry } from '../../../src/observability';
import type { RunHandle, StageResult } from '../../../workflows/types';
import type { ActivityDependencies } from '../../dependencies';
import { runStage } from '../runStage';
import type { StageInputs } from '../../../src/stage-inputs/stageInputs';
import { TrainingMetrics } from '../trainingMetrics';

/** What a stage does in place of a child process: leaves outputs, saves checkpoints, fails. */
export type Work = (options: AllocationOptions) => Promise<void>;

/** Leaves one file. */
export const leaveOutput: Work = ({ job }) => {
  writeFileSync(join(job.outputs, 'result'), 'the result');
  return Promise.resolve();
};

/** An activity that was scheduled so long ago; what it logs is not printed. */
export function activityEnvironment(waitedMs = 0): MockActivityEnvironment {
  const scheduledTimestampMs = Date.now() - waitedMs;
  return new MockActivityEnvironment(
    { scheduledTimestampMs },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
}

/** Attempts at stages over a real database and a store that fails on command. */
export class AttemptBench {
  readonly deps: ActivityDependencies;
  readonly store: FaultyStore;
  work: Work = leaveOutput;
  /** Options of each time the work began. */
  readonly began: AllocationOptions['job'][] = [];
  private readonly inner: DiskStore;

  private constructor(
    private readonly root: string,
    inner: DiskStore,
    db: TestDatabase,
  ) {
    this.inner = inner;
    this.store = new FaultyStore(inner);
    const config: Config = loadConfig({ TRAINYARD_HOME: root });
    this.deps = {
      config,
      database: db.database,
      store: this.store,
      // Nobody looks at a workflow's progress within the first seconds.
      temporal: Object.create(Client.prototype) as Client,
      logger: createLogger('worker', 'silent'),
      metrics: new TrainingMetrics(createRegistry('worker')),
      resources: new ResourceSemaphore({ cores: 2, memoryMb: 1000 }),
      runAllocation: async (options) => {
        this.began.push(options.job);
        await this.work(options);
      },
      stopping: new AbortController().signal,
      workFolder: join(root, 'work'),
    };
  }

  static async open(db: TestDatabase): Promise<AttemptBench> {
    const root = mkdtempSync(join(tmpdir(), 'trainyard-attempts-'));
    return new AttemptBench(root, await DiskStore.open(join(root, 'artifacts')), db);
  }

  close(): void {
    this.inner.close();
    rmSync(this.root, { recursive: true });
  }

  async newRun(ownerId: string = randomUUID()): Promise<RunHandle> {
    const run: TestRun = await testRun(this.deps.database.manager, ownerId);
    return { ...run, execution: 1 };
  }

  /** One attempt, as Temporal would make it. */
  attempt(
    run: RunHandle,
    name: string,
    inputs: Partial<StageInputs> = {},
    environment = activityEnvironment(),
  ): Promise<StageResult> {
    const open = () => ({ fetch: () => Promise.resolve(), ...inputs });
    const attempt = () => runStage(this.deps, { name }, run, open);
    return environment.run<[], StageResult, typeof attempt>(attempt);
  }

  async row(run: RunHandle, stage: string): Promise<StageRow> {
    return (await stageOf(this.deps.database, { runId: run.runId, stage }))!;
  }

  /** What the stage has published, as a later stage would read it; undefined when it is not there. */
  async published(run: RunHandle, stage: string): Promise<string | undefined> {
    const { output } = await this.row(run, stage);
    if (!output || (await this.inner.size(output.manifest.key)) === undefined) return undefined;
    return (await readTreeFile(this.inner, output, 'result'))?.toString();
  }
}
