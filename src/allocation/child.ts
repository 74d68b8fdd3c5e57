/**
 * The process that runs one heavy stage. It gets a job over IPC, works in the folders it is given,
 * and tells its parent how it goes. It ends with its parent: by the kernel on Linux, elsewhere when
 * the channel closes.
 */
import { getPriority, setPriority } from 'node:os';
import { TrainyardError } from '../errors';
import { cachedStages, type HeavyStage } from '../model-types/modelType';
import { getModelType } from '../model-types/registry';
import { ChildContext } from './childContext';
import { keepWarnings } from '../stage/keptWarnings';
import type { AllocationJob, FromChild, ToChild } from './protocol';
import { stageFailure } from './stageFailure';
import type { StageFailure, StageWarning } from '../stage/stageContext';

/** So much below the worker, and with it the API and serving: a training never makes a request wait. */
const NICENESS = 10;

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

/** The log has all of what went wrong, paths and stack included; people are told what they can act on. */
function told(error: unknown, job: AllocationJob): StageFailure {
  if (!(error instanceof TrainyardError)) console.error(error);
  return stageFailure(error, job);
}

process.on('disconnect', () => process.exit(1));
process.once('message', (message: ToChild) => {
  if (message.type !== 'start') return;
  setPriority(Math.min(19, getPriority() + NICENESS));
  work(message.job)
    .then(() => send({ type: 'done' }))
    .catch((error: unknown) => send({ type: 'failed', failure: told(error, message.job) }))
    .finally(() => process.exit(0));
});
