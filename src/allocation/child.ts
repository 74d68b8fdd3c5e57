/**
 * The process that runs one heavy stage. It gets a job over IPC, works in the folders it is given,
 * and tells its parent how it goes. It ends with its parent: by the kernel on Linux, elsewhere when
 * the channel closes.
 */
import { setPriority } from 'node:os';
import { TrainyardError, messageOf } from '../errors';
import { cachedStages, type HeavyStage } from '../model-types/modelType';
import { getModelType } from '../model-types/registry';
import { ChildContext } from './childContext';
import { keepWarnings } from './keptWarnings';
import type { AllocationJob, FromChild, ToChild } from './protocol';
import type { StageFailure, StageWarning } from './stageContext';

/** Below the API and serving: a training never makes a request wait. */
const LOWER_PRIORITY = 10;

function send(message: FromChild): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

async function work(job: AllocationJob): Promise<void> {
  const warnings: StageWarning[] = [];
  const context = new ChildContext(job, (message) => {
    if (message.type === 'warning') warnings.push(message.warning);
    void send(message);
  });
  process.on('message', (message: ToChild) => context.receive(message));
  const type = getModelType(job.modelType);
  const stage = type.stages[job.stage];
  if (!stage) throw new Error(`${job.modelType} has no stage ${job.stage}`);
  await stage(context, job.options);
  if (isCached(job.stage)) keepWarnings(job.outputs, warnings);
}

function isCached(stage: HeavyStage): boolean {
  return (cachedStages as readonly HeavyStage[]).includes(stage);
}

/** Typed arrays beyond the limit fail with a RangeError before the kernel steps in. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /allocation failed|Invalid array buffer length/i.test(error.message)
  );
}

function failureOf(error: unknown, job: AllocationJob): StageFailure {
  if (error instanceof TrainyardError) {
    return { kind: error.kind, code: error.code, message: error.message };
  }
  if (isOutOfMemory(error)) {
    return {
      kind: 'limit',
      code: 'out_of_memory',
      message: `the ${job.stage} stage needs more than its ${job.memoryMb} MB of memory: give a larger job_options.allocation_memory`,
    };
  }
  console.error(error);
  return {
    kind: 'bug',
    code: 'unexpected_error',
    message: `the ${job.stage} stage stopped on an unexpected error: ${messageOf(error)}`,
  };
}

process.on('disconnect', () => process.exit(1));
process.once('message', (message: ToChild) => {
  if (message.type !== 'start') return;
  setPriority(LOWER_PRIORITY);
  work(message.job)
    .then(() => send({ type: 'done' }))
    .catch((error: unknown) => send({ type: 'failed', failure: failureOf(error, message.job) }))
    .finally(() => process.exit(0));
});
