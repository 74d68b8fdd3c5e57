import { parentPort } from 'node:worker_threads';
import { TrainyardError, messageOf } from '../../errors';
import { openPredictor } from '../../model-types/nlp-text/predict/predict';
import type { TextPredictor } from '../../model-types/nlp-text/predict/predictor';
import type {
  AnsweredRequest,
  Computed,
  ThreadAnswer,
  ThreadError,
  ThreadReply,
  ThreadRequest,
} from './protocol';

/** Runs in a worker thread: holds opened models, which block this thread alone while they compute. */
const models = new Map<number, TextPredictor>();

/** A prediction that is being computed. */
interface Running {
  abort: AbortController;
  alone: boolean;
}
const running = new Map<number, Running>();

async function work(request: AnsweredRequest): Promise<ThreadAnswer> {
  if (request.do === 'open') {
    models.set(request.handle, await openPredictor(request.folder));
    return undefined;
  }
  const model = models.get(request.handle);
  if (!model) throw new Error(`model ${request.handle} is not open in this thread`);
  if (request.do === 'predict') return compute(model, request);
  models.delete(request.handle);
  await model.close();
  return undefined;
}

async function compute(
  model: TextPredictor,
  { id, texts, options }: Extract<AnsweredRequest, { do: 'predict' }>,
): Promise<Computed> {
  const own = { abort: new AbortController(), alone: running.size === 0 };
  for (const other of running.values()) other.alone = false;
  running.set(id, own);
  const started = performance.now();
  try {
    const { signal } = own.abort;
    const predictions = await model.predict(texts, { ...options, signal });
    return { predictions, ms: performance.now() - started, alone: own.alone };
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
  work(request).then(
    (answer) => reply({ id: request.id, ok: true, answer }),
    (error: unknown) => reply({ id: request.id, ok: false, error: inTransit(error) }),
  );
});
