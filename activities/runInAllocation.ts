import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAllocation } from '../src/allocation/allocation';
import type { Resources } from '../src/allocation/semaphore';
import { appendEvent } from '../src/database/events';
import { addMessage } from '../src/database/messages';
import { saveCheckpoint, type Checkpoint, type StageRow } from '../src/database/stages';
import { TrainyardError } from '../src/errors';
import { memoryEnvironment } from '../src/ml/onnx/memoryEnvironment';
import type { Attempt, AttemptJournal } from './attemptJournal';
import type { ActivityDependencies } from './dependencies';
import type { RunContext } from './runContext';

/** Waits for room on this machine, then runs the stage in a child process, from its last checkpoint. */
export async function runInAllocation(
  deps: ActivityDependencies,
  { run, model }: RunContext,
  attempt: Attempt,
  claim: StageRow,
  folder: string,
  journal: AttemptJournal,
  signal: AbortSignal,
): Promise<void> {
  const wants = { cores: run.job.allocation_cores, memoryMb: run.job.allocation_memory };
  const granted = deps.resources.clamp(wants);
  if (granted.cores < wants.cores || granted.memoryMb < wants.memoryMb) {
    await warnOfClamp(deps, attempt, wants, granted);
  }
  const release = await deps.resources.acquire(wants, signal);
  try {
    const resume = await layCheckpoint(deps, claim, folder);
    let newest = claim.checkpoint ?? undefined;
    const started = {
      stage: attempt.stage,
      fence: attempt.fence,
      resumed_at: resume?.step ?? null,
    };
    await appendEvent(deps.database, model.id, 'stage_started', started, 'worker');
    await runAllocation({
      job: {
        modelType: model.type,
        stage: attempt.name,
        options: run.options,
        inputs: join(folder, 'inputs'),
        outputs: join(folder, 'outputs'),
        checkpoints: join(folder, 'checkpoints'),
        ...(resume ? { resume } : {}),
        ...granted,
      },
      listener: {
        progress: (progress) => journal.progress(progress),
        metric: (name, step, value) => journal.metric(name, step, value),
        warning: (warning) => journal.warning(warning),
        log: (stream, text) => journal.log(stream, text),
        checkpoint: async (step, path) => {
          const kept = await keepCheckpoint(deps, attempt, step, path);
          if (kept) await dropCheckpoint(deps, newest);
          newest = kept ?? newest;
          return kept !== undefined;
        },
      },
      signal,
      // Whoever trains from an encoder runs large graphs again and again.
      ...(run.options['encoder'] != null && { env: memoryEnvironment }),
      hangMs: deps.config.worker.hangMs,
    });
  } finally {
    release();
  }
}

async function layCheckpoint(deps: ActivityDependencies, claim: StageRow, folder: string) {
  if (!claim.checkpoint) return undefined;
  const path = join(folder, 'checkpoints', 'resume');
  await deps.store.fetchTo(claim.checkpoint.ref, path);
  return { step: claim.checkpoint.step, path };
}

/**
 * Object first, then the pointer: a crash between the two costs a checkpoint, never a wrong one.
 * @returns undefined when a newer attempt owns the stage
 */
async function keepCheckpoint(
  deps: ActivityDependencies,
  { runId, stage, fence }: Attempt,
  step: number,
  path: string,
): Promise<Checkpoint | undefined> {
  const key = `runs/${runId}/checkpoints/${stage}/${fence}-${step}/state`;
  const ref = await deps.store.putFile(key, path, 'application/octet-stream');
  await rm(path, { force: true });
  const checkpoint = { step, ref };
  const saved = await saveCheckpoint(deps.database, runId, stage, fence, checkpoint);
  return saved ? checkpoint : undefined;
}

/**
 * One that a newer one has overtaken: an encoder's are large. Nobody reads it any more, as a newer attempt
 * would have kept this one from moving the pointer. What a failure leaves goes with the stage's others.
 */
async function dropCheckpoint(
  { store, logger }: ActivityDependencies,
  overtaken: Checkpoint | undefined,
): Promise<void> {
  if (!overtaken?.ref.key.endsWith('/state')) return;
  await store
    .deletePrefix(overtaken.ref.key.slice(0, -'state'.length))
    .catch((error: unknown) => logger.warn({ err: error }, 'an old checkpoint stays for now'));
}

/** Once for the whole run, however many of its stages ask. */
async function warnOfClamp(
  { database }: ActivityDependencies,
  { modelId, runId }: Attempt,
  wants: Resources,
  granted: Resources,
): Promise<void> {
  const { text } = new TrainyardError(
    'limit',
    'allocation_clamped',
    `job_options ask for ${wants.cores} cores and ${wants.memoryMb} MiB, of which the worker gives ` +
      `${granted.cores} cores and ${granted.memoryMb} MiB: the training runs with these`,
  );
  await addMessage(database, modelId, 'train', 'warning', text, runId);
}
