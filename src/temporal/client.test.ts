import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connectTemporal } from './client';

jest.setTimeout(60_000);

describe('connectTemporal', () => {
  let frozen: Server;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    frozen = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    frozen.close();
  });

  it('gives up on a server that takes connections and does not answer', async () => {
    const address = `127.0.0.1:${(frozen.address() as AddressInfo).port}`;
    const settings = { connection: { address }, namespace: 'default', retentionDays: 1 };
    await expect(connectTemporal(settings)).rejects.toThrow();
  });
});
