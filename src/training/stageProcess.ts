/**
 * The process that runs one stage. It gets a job over IPC, works in the folders it is given,
 * and tells its parent how it goes. It ends with its parent: by the kernel on Linux, elsewhere when
 * the channel closes.
 */
import { getPriority, setPriority } from 'node:os';
import { TrainyardError } from '../errors';
import { ChildContext } from '../allocation/childContext';
import { keepWarnings } from '../stage/keptWarnings';
import type { AllocationJob, FromChild, ToChild } from '../allocation/protocol';
import { stageFailure } from '../allocation/stageFailure';
import type { StageFailure, StageWarning } from '../stage/stageContext';
import { getModelType } from '../model-types/registry';
import { stageOf } from '../model-types/stages';

/** So much below the worker, and with it the API and serving: a training never makes a request wait. */
const niceness = 10;

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
  await stageOf(getModelType(job.modelType), job.stage).run(context, job.options);
  if (job.keepsWarnings) keepWarnings(job.outputs, warnings);
}

/** The log has all of what went wrong, paths and stack included; people are told what they can act on. */
function told(error: unknown, job: AllocationJob): StageFailure {
  if (!(error instanceof TrainyardError)) console.error(error);
  return stageFailure(error, job);
}

process.on('disconnect', () => process.exit(1));
process.once('message', (message: ToChild) => {
  if (message.type !== 'start') return;
  setPriority(Math.min(19, getPriority() + niceness));
  work(message.job)
    .then(() => send({ type: 'done' }))
    .catch((error: unknown) => send({ type: 'failed', failure: told(error, message.job) }))
    .finally(() => process.exit(0));
});
