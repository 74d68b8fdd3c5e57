import type { EventPage, EventRow } from '../../src/database/models/events';
import { pageSize, type FollowedModel } from './followedModel';
import { Wakeup } from './wakeup';

export interface EventStreamOptions {
  /** The number of the last event that the client has. */
  after: number;
  signal: AbortSignal;
  /** What the reader may see of an event. */
  show: (event: EventRow) => Record<string, unknown>;
  /** Calls back when the reader may not read on. @returns what ends the watch */
  watchAccess: (onRefused: (reason: string) => void) => () => void;
}

/** What lies between closes silent connections. Looked at when the stream wakes, at the latest at the poll. */
const keepAliveMs = 5000;

/** The events of a model as server-sent events, to their end. Goes on when the database was away. */
export async function* eventStream(
  model: FollowedModel,
  { after, signal, show, watchAccess }: EventStreamOptions,
): AsyncGenerator<string> {
  const wakeup = new Wakeup(signal);
  let refusal: string | undefined;
  const endings = [
    model.onChange(() => wakeup.wake()),
    watchAccess((reason) => {
      refusal = reason;
      wakeup.wake();
    }),
  ];
  try {
    let seq = after;
    let sentAt = Date.now();
    yield 'retry: 2000\n\n';
    while (!signal.aborted) {
      if (refusal !== undefined) {
        yield `: ${refusal}\n\n`;
        return;
      }
      wakeup.reset();
      const { events, ended } = await readOrNothing(model, seq);
      for (const event of events) yield frame(event, show(event));
      seq = Number(events.at(-1)?.seq ?? seq);
      if (events.length === pageSize) continue;
      if (ended) return;
      if (events.length > 0) sentAt = Date.now();
      else if (Date.now() - sentAt > keepAliveMs) {
        sentAt = Date.now();
        yield ': still here\n\n';
      }
      await wakeup.wait();
    }
  } finally {
    for (const end of endings) end();
  }
}

/** Without the database nothing is new: what wakes the stream when it is back also finds what it missed. */
async function readOrNothing(model: FollowedModel, after: number): Promise<EventPage> {
  try {
    return await model.read(after);
  } catch {
    return { events: [], ended: false };
  }
}

function frame({ seq, type, at }: EventRow, data: Record<string, unknown>): string {
  const body = JSON.stringify({ ...data, at: at.toISOString() });
  return `id: ${seq}\nevent: ${type}\ndata: ${body}\n\n`;
}
