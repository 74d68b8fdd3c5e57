import type { ActivityDependencies } from '../dependencies';
import { claimStage, stageOf, unpublishStage, type StageRow } from '../../src/database/runs/stages';
import { compareVersions, type StepVersions } from '../../src/database/runs/stageVersions';
import { lockModelOwner } from '../../src/database/models/models';
import { transition } from '../../src/database/models/status';
import { TrainyardError } from '../../src/errors';
import type { RunContext } from '../../src/training/runContext';

/** Attempts without a newer checkpoint before a run is given up. */
const maxFruitlessAttempts = 5;

/**
 * What is known of a stage before an attempt begins.
 * @returns its row; with an output only when that is of these versions and its artifacts are still there
 */
export async function currentStage(
  { database, store }: Pick<ActivityDependencies, 'database' | 'store'>,
  { run }: RunContext,
  stage: string,
  versions: StepVersions,
): Promise<StageRow | undefined> {
  const id = { runId: run.id, stage };
  const row = await stageOf(database, id);
  if (!row || compareVersions(row.versions, versions) !== 'same') return undefined;
  if (!row.output || (await store.size(row.output.manifest.key)) !== undefined) return row;
  await unpublishStage(database, id, row.output);
  return { ...row, output: null };
}

/**
 * Begins an attempt: its fence is taken and the training is `in_progress`.
 * @throws TrainyardError `no_progress` when too many attempts have got nowhere
 */
export async function claimAttempt(
  { database }: Pick<ActivityDependencies, 'database'>,
  { run, model }: RunContext,
  stage: string,
  versions: StepVersions,
): Promise<StageRow> {
  const claim = await database.transaction(async (tx) => {
    await lockModelOwner(tx, model.id);
    await transition(tx, model.id, 'train', 'in_progress', 'worker');
    return claimStage(tx, { runId: run.id, stage }, versions);
  });
  if (claim.output || claim.fruitless <= maxFruitlessAttempts) return claim;
  const { error } = run;
  throw new TrainyardError(
    'limit',
    'no_progress',
    `the ${stage} stage was tried ${maxFruitlessAttempts} times without getting further` +
      (error ? `. The last time: ${error.message} [${error.code}]. ` : ': see its logs. ') +
      'POST …/retry goes on once the cause is gone',
  );
}
