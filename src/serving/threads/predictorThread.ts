import { parentPort } from 'node:worker_threads';
import { TrainyardError, messageOf } from '../../errors';
import type { Predictor } from '../../model-types/contract/servedModel';
import { getModelType } from '../../model-types/registry';
import type {
  AnsweredRequest,
  Computed,
  ThreadAnswer,
  ThreadError,
  ThreadReply,
  ThreadRequest,
} from './protocol';

/** Runs in a worker thread: holds opened models, which block this thread alone while they compute. */
const models = new Map<number, Predictor>();

/** A run that is being computed. */
interface Running {
  abort: AbortController;
  alone: boolean;
}
const running = new Map<number, Running>();

async function answer(request: AnsweredRequest): Promise<ThreadAnswer> {
  if (request.do === 'open') {
    const { served } = getModelType(request.type);
    models.set(request.handle, await served.open(request.folder));
    return undefined;
  }
  const model = models.get(request.handle);
  if (!model) throw new Error(`model ${request.handle} is not open in this thread`);
  if (request.do === 'run') return compute(model, request);
  models.delete(request.handle);
  await model.close();
  return undefined;
}

async function compute(
  model: Predictor,
  { id, work }: Extract<AnsweredRequest, { do: 'run' }>,
): Promise<Computed> {
  const own = { abort: new AbortController(), alone: running.size === 0 };
  for (const other of running.values()) other.alone = false;
  running.set(id, own);
  const started = performance.now();
  try {
    const { signal } = own.abort;
    const results = await model.run(work.action, work.items, work.options, signal);
    return { results, ms: performance.now() - started, alone: own.alone };
  } finally {
    running.delete(id);
  }
}

function inTransit(error: unknown): ThreadError {
  if (error instanceof TrainyardError) {
    const { kind, code, message, status } = error;
    return { kind, code, message, status };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { kind: 'bug', code: 'internal', message: messageOf(error), status: 500, stack };
}

parentPort!.on('message', (request: ThreadRequest) => {
  // Messages are heard between native calls only, so this never cuts one off.
  if (request.do === 'end') process.exit();
  if (request.do === 'abort') {
    running.get(request.id)?.abort.abort();
    return;
  }
  const reply = (message: ThreadReply) => parentPort!.postMessage(message);
  answer(request).then(
    (found) => reply({ id: request.id, ok: true, answer: found }),
    (error: unknown) => reply({ id: request.id, ok: false, error: inTransit(error) }),
  );
});
