import { Readable } from 'node:stream';
import { z } from 'zod';
import { eventsAfter, type EventRow } from '../../../../src/database/events';
import { firstRow, type Database } from '../../../../src/database/database';
import { textWithoutQuotes } from '../../../../src/data/quotedData';
import { TrainyardError } from '../../../../src/errors';
import { access } from '../../../core/access';
import { media, Streamed } from '../../../core/reply';
import { route, type Exchange } from '../../../core/route';
import { maySeeTexts } from '../../../core/trainingTexts';

const POLL_MS = 500;
const KEEP_ALIVE_MS = 15_000;
/** Token and permission are looked at again after so long, as for deployed models. */
const ACCESS_MS = 3_000;
const PAGE = 500;
/** A deployment that the training was to ask for and has not asked for since is not coming. */
const DEPLOY_MINUTES = 10;

export const eventRoutes = [
  route({
    method: 'get',
    path: '/train/:model_id/events',
    summary: 'What happens to a model, as server-sent events',
    description:
      'Begins with everything so far, or after `Last-Event-ID` (header, or query `last_event_id`). ' +
      'Ends when your token or your permission does, with a comment that says so. ' +
      'Ends when the training has ended, and with `deploy_when_complete` its deployment has come up or failed; ' +
      'a client that reconnects then gets what it missed.',
    policy: access.model('read'),
    refuses: [429],
    query: z.object({ last_event_id: z.coerce.number().int().min(0).optional() }),
    response: media('text/event-stream', 'Server-sent events with ids.'),
    handler: ({ deps, model, user, query, request, signal, checkAccess }) => {
      const end = deps.streams.begin(user.id);
      const header = Number(request.headers['last-event-id']);
      const from = Number.isSafeInteger(header) && header >= 0 ? header : 0;
      const after = query.last_event_id ?? from;
      const withTexts = maySeeTexts(deps, user, model);
      const events = follow(deps.database, model.id, after, { signal, checkAccess, withTexts });
      const stream = Readable.from(events).once('close', end);
      return new Streamed('text/event-stream', stream, {
        'Cache-Control': 'no-cache',
        'X-Accel-Buffering': 'no',
      });
    },
  }),
];

async function* follow(
  database: Database,
  modelId: string,
  from: number,
  {
    signal,
    checkAccess,
    withTexts,
  }: Pick<Exchange<unknown, unknown, unknown>, 'signal' | 'checkAccess'> & { withTexts: boolean },
): AsyncGenerator<string> {
  let seq = from;
  let sentAt = Date.now();
  let checkedAt = Date.now();
  yield 'retry: 2000\n\n';
  while (!signal.aborted) {
    if (Date.now() - checkedAt > ACCESS_MS) {
      const refusal = await refusalOf(checkAccess);
      if (refusal !== undefined) {
        yield `: ${refusal}\n\n`;
        return;
      }
      checkedAt = Date.now();
    }
    const ended = await hasEnded(database, modelId);
    const events = await eventsAfter(database.manager, modelId, seq, PAGE);
    for (const event of events) yield frame(event, withTexts);
    seq = Number(events.at(-1)?.seq ?? seq);
    if (events.length === PAGE) continue;
    if (ended) return;
    if (events.length > 0) sentAt = Date.now();
    if (Date.now() - sentAt > KEEP_ALIVE_MS) {
      sentAt = Date.now();
      yield ': still here\n\n';
    }
    await pause(signal);
  }
}

/** Why the reader may not go on reading, if so. */
async function refusalOf(checkAccess: () => Promise<void>): Promise<string | undefined> {
  try {
    await checkAccess();
    return undefined;
  } catch (error) {
    if (error instanceof TrainyardError) return error.message;
    throw error;
  }
}

/** Copies of a model have a run that asked for a deployment, but no summary: nothing worked on it. */
async function hasEnded(database: Database, modelId: string): Promise<boolean> {
  const open = await firstRow(
    database.manager,
    `SELECT 1 FROM model WHERE id = $1 AND (
       train_status IN ('not_started', 'starting', 'in_progress')
       OR train_status = 'complete' AND deploy_status IN ('not_started', 'starting', 'in_progress')
         AND EXISTS (
           SELECT 1 FROM run
           WHERE model_id = model.id AND summary IS NOT NULL
             AND (data ->> 'deploy_when_complete')::boolean
             AND (deploy_status <> 'not_started' OR ended_at > now() - make_interval(mins => $2))))`,
    [modelId, DEPLOY_MINUTES],
  );
  return open === undefined;
}

function frame({ seq, type, data, at }: EventRow, withTexts: boolean): string {
  const { text } = data;
  const quotes = !withTexts && typeof text === 'string';
  const shown = quotes ? { ...data, text: textWithoutQuotes(text) } : data;
  const body = JSON.stringify({ ...shown, at: at.toISOString() });
  return `id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, POLL_MS);
    signal.addEventListener('abort', done);
  });
}
