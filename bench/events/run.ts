/**
 * GET /train/{id}/status beside event streams and trainings that wait:
 *
 *   node dist/bench/events/run.js [STREAMS] [TRAININGS] [SECONDS]
 *
 * Defaults: 500 streams over 50 trainings, 60 seconds each of: nothing else, the trainings, the trainings
 * with the streams. Then the rows that were written for each hour of a running training.
 */
import { connectDatabase, firstRow, type Database } from '../../src/database/database';
import { textsCsv } from '../../test/support/texts';
import { startPlatform, type Platform } from '../support/platform';
import { emit, latency, timed } from '../support/statistics';
import { BenchStreams } from './benchStreams';
import { writtenAnHour, writtenRows } from './writtenRows';

interface Load {
  streams: number;
  trainings: number;
  seconds: number;
}

/** Between two requests for the status. */
const pauseMs = 20;

async function main(load: Load): Promise<void> {
  process.env['TRAINYARD_EVENT_STREAMS'] = String(load.streams + 1);
  process.env['TRAINYARD_USER_TRAININGS'] = String(load.trainings + 1);
  const platform = await startPlatform();
  const database = await connectDatabase({ url: platform.stack.databaseUrl });
  try {
    await measure(platform, database, load);
  } finally {
    await database.destroy();
    await platform.stop();
  }
}

async function measure(platform: Platform, database: Database, load: Load): Promise<void> {
  const { client, stack } = platform;
  const { streams, trainings, seconds } = load;
  const content = textsCsv({ rows: 6000, classes: 20, seed: 9 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  const first = await client.trainText('first', upload);
  await client.waitForStatus(first, 'complete');
  await statusLatency(platform, first, 'alone', seconds);

  const models: string[] = [];
  for (let i = 0; i < trainings; i++) {
    const options = { cache: 'off', train_options: { epochs: 3000 } };
    models.push(await client.trainText(`waiting-${i}`, upload, options));
  }
  await statusLatency(platform, models[0]!, `${trainings} trainings`, seconds);

  const open = new BenchStreams(stack.urls.api, client.token!);
  for (let i = 0; i < streams; i++) await open.open(models[i % trainings]!);
  const [before, running] = [await writtenRows(database), await runningTrainings(database)];
  const begun = performance.now();
  await statusLatency(platform, models[0]!, `${trainings} trainings, ${streams} streams`, seconds);
  const hours = (performance.now() - begun) / 3_600_000;
  const after = await writtenRows(database);
  const average = (running + (await runningTrainings(database))) / 2;
  emit({ bench: 'event streams', streams, events: open.events, ended: open.ended });
  emit({
    bench: 'rows written for an hour of a running training',
    running: average,
    ...writtenAnHour(before, after, hours * Math.max(average, 1)),
  });
  open.close();
}

async function statusLatency(
  { client }: Platform,
  model: string,
  beside: string,
  seconds: number,
): Promise<void> {
  const replies: number[] = [];
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    replies.push(await timed(() => client.trainStatus(model)));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  emit({ bench: `GET /train/{id}/status, ${beside}`, ...latency(replies) });
}

async function runningTrainings(database: Database): Promise<number> {
  const sql = `SELECT count(*) AS n FROM model WHERE train_status = 'in_progress'`;
  return Number((await firstRow<{ n: string }>(database.manager, sql))!.n);
}

const [streams = 500, trainings = 50, seconds = 60] = process.argv.slice(2).map(Number);
main({ streams, trainings, seconds }).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
