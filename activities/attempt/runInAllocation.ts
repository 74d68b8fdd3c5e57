import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resources } from '../../src/allocation/semaphore';
import { appendEvent } from '../../src/database/models/events';
import { addMessage } from '../../src/database/models/messages';
import { saveCheckpoint, type Checkpoint, type StageRow } from '../../src/database/runs/stages';
import { TrainyardError } from '../../src/errors';
import { getModelType } from '../../src/model-types/registry';
import { processTraits, stageOf } from '../../src/model-types/stages';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import type { ActivityDependencies } from '../dependencies';
import type { Attempt } from './attempt';
import { throughOutages } from './outages';
import type { RunningAttempt } from './runningAttempt';

/** Waits for room on this machine, then runs the stage in a child process, from its last checkpoint. */
export async function runInAllocation(running: RunningAttempt): Promise<void> {
  const { deps, attempt, claim, folder, recorder } = running;
  const { run, model } = running.context;
  const { signal } = running.heartbeat;
  const stage = stageOf(getModelType(model.type), attempt.name);
  const wants = { cores: run.job.allocation_cores, memoryMb: run.job.allocation_memory };
  const granted = deps.resources.clamp(wants);
  if (granted.cores < wants.cores || granted.memoryMb < wants.memoryMb) {
    await warnOfClamp(deps, attempt, wants, granted);
  }
  const release = await deps.resources.acquire(wants, signal);
  try {
    const resume = await fetchCheckpoint(deps, claim, folder);
    let newest = claim.checkpoint ?? undefined;
    const started = {
      stage: attempt.stage,
      fence: attempt.fence,
      attempt: attempt.number,
      resumed_at: resume?.step ?? null,
    };
    await appendEvent(deps.database, model.id, 'stage_started', started, 'worker');
    await deps.runAllocation({
      job: {
        modelType: model.type,
        stage: attempt.name,
        ...processTraits(stage),
        options: run.options,
        inputs: join(folder, 'inputs'),
        outputs: join(folder, 'outputs'),
        checkpoints: join(folder, 'checkpoints'),
        ...(resume ? { resume } : {}),
        ...granted,
      },
      listener: {
        progress: (progress) => recorder.progress(progress),
        metric: (name, step, value) => recorder.metric(name, step, value),
        warning: (warning) => recorder.warning(warning),
        log: (stream, text) => recorder.log(stream, text),
        checkpoint: async (step, path) => {
          const saved = await storeCheckpoint(running, step, path);
          if (saved) await deleteCheckpoint(deps, newest);
          newest = saved ?? newest;
          return saved !== undefined;
        },
      },
      signal,
      stopping: deps.stopping,
      ...(stage.runsLargeGraphs?.(run.options) && { env: memoryEnvironment }),
      hangMs: deps.config.worker.hangMs,
    });
  } finally {
    release();
  }
}

async function fetchCheckpoint(deps: ActivityDependencies, claim: StageRow, folder: string) {
  if (!claim.checkpoint) return undefined;
  const path = join(folder, 'checkpoints', 'resume');
  await deps.store.fetchTo(claim.checkpoint.ref, path);
  return { step: claim.checkpoint.step, path };
}

/**
 * Object first, then the pointer: a crash between the two costs a checkpoint, never a wrong one.
 * @returns undefined when a newer attempt owns the stage
 */
async function storeCheckpoint(
  { deps, attempt, outages }: RunningAttempt,
  step: number,
  path: string,
): Promise<Checkpoint | undefined> {
  const { runId, stage, fence } = attempt;
  const key = `runs/${runId}/checkpoints/${stage}/${fence}-${step}/state`;
  const ref = await throughOutages(outages, () =>
    deps.store.putFile(key, path, 'application/octet-stream'),
  );
  await rm(path, { force: true });
  const checkpoint = { step, ref };
  const saved = await throughOutages(outages, () =>
    saveCheckpoint(deps.database, attempt, checkpoint),
  );
  return saved ? checkpoint : undefined;
}

/**
 * One that a newer one has overtaken: an encoder's are large. Nobody reads it any more, as a newer attempt
 * would have kept this one from moving the pointer. What a failure leaves goes with the stage's others.
 */
async function deleteCheckpoint(
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
