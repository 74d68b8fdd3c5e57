import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, type Ports, type WantedPorts } from './keptPorts';

describe('choosePorts', () => {
  let home: string;
  let said: string[];
  let occupant: Server;
  let occupied: number;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'trainyard-ports-'));
    said = [];
    occupant = createServer();
    await new Promise<void>((done) => occupant.listen(0, '127.0.0.1', done));
    occupied = (occupant.address() as AddressInfo).port;
  });
  afterEach(() => {
    occupant.close();
    rmSync(home, { recursive: true });
  });

  const here = '127.0.0.1';
  const hosts = {
    ...{ api: here, serving: here, worker: here },
    ...{ postgres: here, temporal: here, temporalUi: here },
  };
  const choose = (wanted: WantedPorts): Promise<Ports> =>
    choosePorts({ home, hosts, wanted, progress: (line) => said.push(line) });

  it('keeps what it chose for the next start', async () => {
    const first = await choose({ api: 0, serving: 0 });
    expect(new Set(Object.values(first)).size).toBe(6);
    expect(await choose({ api: 0, serving: 0 })).toEqual(first);
  });

  it('refuses a port that was asked for and is taken', async () => {
    await expect(choose({ api: occupied })).rejects.toMatchObject({ code: 'port_taken' });
  });

  it('moves away from a kept port that is taken, and says so', async () => {
    const first = await choose({ api: 0, serving: 0 });
    const thief = createServer();
    await new Promise<void>((done) => thief.listen(first.postgres, '127.0.0.1', done));
    const second = await choose({ api: 0, serving: 0 });
    thief.close();
    expect(second.postgres).not.toBe(first.postgres);
    expect({ ...second, postgres: 0 }).toEqual({ ...first, postgres: 0 });
    expect(said).toEqual([expect.stringContaining(`port ${first.postgres} is taken`)]);
  });
});
