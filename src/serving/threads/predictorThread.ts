import { parentPort } from 'node:worker_threads';
import { TrainyardError, messageOf } from '../../errors';
import { openPredictor } from '../../model-types/nlp-text/predict';
import type { TextPredictor } from '../../model-types/nlp-text/predictor';
import type {
  AnsweredRequest,
  ThreadAnswer,
  ThreadError,
  ThreadReply,
  ThreadRequest,
} from './protocol';

/** Runs in a worker thread: holds opened models, which block this thread alone while they compute. */
const models = new Map<number, TextPredictor>();

async function work(request: AnsweredRequest): Promise<ThreadAnswer> {
  if (request.do === 'open') {
    const opened = await openPredictor(request.folder);
    models.set(request.handle, opened);
    return { labels: opened.labels.length };
  }
  const model = models.get(request.handle);
  if (!model) throw new Error(`model ${request.handle} is not open in this thread`);
  if (request.do === 'predict') return model.predict(request.texts, request.options);
  models.delete(request.handle);
  await model.close();
  return undefined;
}

function inTransit(error: unknown): ThreadError {
  if (error instanceof TrainyardError) {
    const { kind, code, message, status } = error;
    return { kind, code, message, status };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return { kind: 'bug', code: 'internal', message: messageOf(error), status: 500, stack };
}

let last: Promise<void> = Promise.resolve();

parentPort!.on('message', (request: ThreadRequest) => {
  // Messages are heard between native calls only, so this never cuts one off.
  if (request.do === 'end') process.exit();
  const reply = (message: ThreadReply) => parentPort!.postMessage(message);
  last = last
    .then(() => work(request))
    .then(
      (answer) => reply({ id: request.id, ok: true, answer }),
      (error: unknown) => reply({ id: request.id, ok: false, error: inTransit(error) }),
    );
});
