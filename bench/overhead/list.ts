import { connectDatabase } from '../../src/database/database';
import { textsCsv } from '../../test/support/texts';
import type { Platform } from '../support/platform';
import { emit, latency, timed } from '../support/statistics';

const models = 100_000;
const requests = 200;

/** GET /model/list over 100,000 models: a page as large as may be asked for, and a page of 20. */
export async function modelList({ client, stack }: Platform): Promise<void> {
  const content = textsCsv({ rows: 100, classes: 3, seed: 7 });
  const modelId = await client.trainText(
    'listed',
    await client.upload([{ name: 'a.csv', content }]),
  );
  await client.waitForStatus(modelId, 'complete');
  const database = await connectDatabase({ url: stack.databaseUrl });
  await database.query(
    `INSERT INTO model (id, name, type, owner_id, access, attributes, train_status, bundle, published_at)
     SELECT gen_random_uuid(), 'listed ' || i, type, owner_id, access, attributes, train_status, bundle,
       published_at - i * interval '1 second'
     FROM model, generate_series(2, $2::int) AS i WHERE id = $1`,
    [modelId, models],
  );
  await database.query('VACUUM ANALYZE model');
  await database.destroy();
  for (const limit of [1000, 20]) {
    const path = `/api/v2/model/list?limit=${limit}`;
    const listed = await client.get<unknown[]>(path);
    if (listed.length !== limit) throw new Error(`${listed.length} models were listed`);
    const replies: number[] = [];
    for (let i = 0; i < requests; i++) replies.push(await timed(() => client.get(path)));
    emit({ bench: `GET /model/list of ${models} models, ${limit} a page`, ...latency(replies) });
  }
}
