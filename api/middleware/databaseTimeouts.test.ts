import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connectDatabase } from '../../src/database/database';
import { testDatabase } from '../../src/database/testing/testDatabase';
import { explainFailure } from './failures';

jest.setTimeout(120_000);

/** How a caller sees that the work failed. */
async function seen(work: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { status, code } = explainFailure(error, 'request');
  return { status, code };
}

const unavailable = { status: 503, code: 'database_unavailable' };

describe('a database that cannot be waited for', () => {
  it('is told when no connection of the pool becomes free', async () => {
    const db = await testDatabase();
    const database = await connectDatabase({ url: db.url, poolSize: 1 });
    const holder = database.createQueryRunner();
    await holder.connect();
    expect(await seen(database.query('SELECT 1'))).toEqual(unavailable);
    await holder.release();
    expect(await database.query('SELECT 1')).toHaveLength(1);
    await database.destroy();
    await db.drop();
  });

  it('is told when a server takes connections and does not answer', async () => {
    const sockets: Socket[] = [];
    const frozen = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve));
    const { port } = frozen.address() as AddressInfo;
    const url = `postgres://nobody:nothing@127.0.0.1:${port}/none`;
    expect(await seen(connectDatabase({ url }))).toEqual(unavailable);
    for (const socket of sockets) socket.destroy();
    frozen.close();
  });
});
