import { loadConfig } from '../../src/config';
import { connectTemporal } from '../../src/temporal/client';
import type { Parts } from '../support/parts';

/** Which worker processes completed the activities of a name in a training, by their ids; one an activity. */
export async function workersOf(parts: Parts, model: string, activity: string): Promise<number[]> {
  const client = await connectTemporal(loadConfig(parts.env).temporal);
  try {
    const { events } = await client.workflow.getHandle(`train-${model}`).fetchHistory();
    const scheduled = new Set(
      events
        ?.filter((event) => {
          const type = event.activityTaskScheduledEventAttributes?.activityType;
          return type?.name === activity;
        })
        .map(({ eventId }) => String(eventId)),
    );
    const completed = (events ?? []).flatMap((event) => {
      const done = event.activityTaskCompletedEventAttributes;
      return done && scheduled.has(String(done.scheduledEventId)) ? [done.identity] : [];
    });
    // A worker is known to Temporal as <process id>@<host>.
    return completed.map((identity) => Number(identity?.split('@')[0]));
  } finally {
    await client.connection.close();
  }
}
