import { Readable } from 'node:stream';
import { z } from 'zod';
import type { EventRow } from '../../../../src/database/models/events';
import { textWithoutQuotes } from '../../../../src/data/quotedData';
import { access } from '../../../core/access';
import { media, Streamed } from '../../../core/reply';
import { route } from '../../../core/route';
import { maySeeTexts } from '../../../core/trainingTexts';
import { eventStream } from '../../../eventStreams/eventStream';

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
      const endStream = deps.streams.begin(user.id);
      const header = Number(request.headers['last-event-id']);
      const from = Number.isSafeInteger(header) && header >= 0 ? header : 0;
      const after = query.last_event_id ?? from;
      const followed = deps.modelEvents.follow(model.id);
      const events = eventStream(followed, {
        after,
        signal,
        show: maySeeTexts(deps, user, model) ? ({ data }) => data : withoutTexts,
        watchAccess: (onRefused) => {
          const reading = { userId: user.id, modelId: model.id, expiresAt: user.expires_at };
          return deps.readerAccess.watch({ ...reading, checkAccess, onRefused });
        },
      });
      const stream = Readable.from(events).once('close', () => {
        deps.modelEvents.leave(followed);
        endStream();
      });
      return new Streamed('text/event-stream', stream, {
        'Cache-Control': 'no-cache',
        'X-Accel-Buffering': 'no',
      });
    },
  }),
];

/** Without what the training's texts say, for those who may not see them. */
function withoutTexts({ data }: EventRow): Record<string, unknown> {
  const { text } = data;
  return typeof text === 'string' ? { ...data, text: textWithoutQuotes(text) } : data;
}
