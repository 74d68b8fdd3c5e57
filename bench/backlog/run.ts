/**
 * One user posts many small trainings at once, and another user a single one now and then:
 * `node dist/bench/backlog/run.js [--trainings 1000] [--rows 100] [--singles 10] [--every 30] [--most 1100]`
 * trainings of the one; rows of each; trainings of the other, one after another; seconds before the
 * first of them and between two; seconds after which it ends, whatever is left. Prints a JSON line for
 * each finding and each single training, and one a minute about where it stands.
 */
import { parseArgs } from 'node:util';
import { connectDatabase, type Database } from '../../src/database/database';
import { ApiClient } from '../../test/support/apiClient';
import { textsCsv } from '../../test/support/texts';
import { startPlatform, type Platform } from '../support/platform';
import { emit, percentile } from '../support/statistics';
import { orderOfCompletion } from './order';
import { postSingles } from './singles';
import { watchBacklog } from './watch';

interface Options {
  trainings: number;
  rows: number;
  singles: number;
  everyMs: number;
  mostMs: number;
}

/** Trainings take turns with these; nothing comes from the step cache all the same. */
const differentUploads = 20;
/** Measured before the others are there. */
const singlesAlone = 5;

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  const platform = await startPlatform();
  try {
    const database = await connectDatabase({ url: platform.stack.databaseUrl, poolSize: 1 });
    await measure(platform, database, options);
    await database.destroy();
  } finally {
    await platform.stop();
  }
}

function optionsOf(args: string[]): Options {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    args,
    options: {
      trainings: text('1000'),
      rows: text('100'),
      singles: text('10'),
      every: text('30'),
      most: text('1100'),
    },
  });
  return {
    trainings: Number(values.trainings),
    rows: Number(values.rows),
    singles: Number(values.singles),
    everyMs: Number(values.every) * 1000,
    mostMs: Number(values.most) * 1000,
  };
}

async function measure(platform: Platform, database: Database, options: Options): Promise<void> {
  const { stack } = platform;
  const many = await newUser(stack.urls.api, 'many');
  const single = await newUser(stack.urls.api, 'single');
  await warmUp(many.client, options.rows);
  const { rows } = options;
  const alone = { rows, singles: singlesAlone, everyMs: 0, until: Infinity };
  await postSingles({ ...alone, database, client: single.client });
  const begun = performance.now();
  const accepted = post(many.client, options);
  const pids = {
    worker: stack.children['worker']!.pid,
    api: stack.children['api']!.pid,
    temporal: stack.children['temporal']!.pid,
  };
  const until = begun + options.mostMs;
  const [watched] = await Promise.all([
    watchBacklog({ database, ownerId: many.id, trainings: options.trainings, pids, until }),
    accepted.then((refused) => {
      const seconds = (performance.now() - begun) / 1000;
      emit({ bench: 'backlog, accepted', trainings: options.trainings, seconds, refused });
    }),
    accepted.then(() => postSingles({ ...options, database, client: single.client, until })),
  ]);
  emit({ bench: 'backlog, all', ...watched });
  emit({ bench: 'backlog, order', ...(await orderOfCompletion(database, many.id)) });
}

async function newUser(url: string, name: string): Promise<{ id: string; client: ApiClient }> {
  const client = new ApiClient(url);
  const [email, password] = [`${name}@example.org`, 'a password for this bench'] as const;
  const id = await client.signUp(name, email, password);
  await client.login(email, password);
  client.token = (await client.post<{ token: string }>('/api/v2/user/tokens', { name })).token;
  return { id, client };
}

/** The first training of a process pays for what later ones find ready. */
async function warmUp(client: ApiClient, rows: number): Promise<void> {
  const content = textsCsv({ rows, classes: 3, seed: 99 });
  const upload = await client.upload([{ name: 'train.csv', content }]);
  for (const name of ['warm up 1', 'warm up 2']) {
    await client.waitForStatus(await client.trainText(name, upload), 'complete');
  }
}

/** @returns how often a training was refused, by reason */
async function post(
  client: ApiClient,
  { trainings, rows }: Options,
): Promise<Record<string, number>> {
  const uploads: string[] = [];
  for (let seed = 0; seed < differentUploads; seed++) {
    const content = textsCsv({ rows, classes: 2 + (seed % 3), seed });
    uploads.push(await client.upload([{ name: 'train.csv', content }]));
  }
  const refused: Record<string, number> = {};
  const replies: number[] = [];
  await Promise.all(
    Array.from({ length: trainings }, async (_, i) => {
      const begun = performance.now();
      await client
        .trainText(`backlog ${i}`, uploads[i % differentUploads]!, { cache: 'off' })
        .catch((error: unknown) => {
          const reason = String(error).slice(0, 160);
          refused[reason] = (refused[reason] ?? 0) + 1;
        });
      replies.push(performance.now() - begun);
    }),
  );
  emit({
    bench: 'backlog, replies',
    p50_ms: percentile(replies, 0.5),
    most_ms: Math.max(...replies),
  });
  return refused;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
