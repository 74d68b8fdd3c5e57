import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `pass` as if it were not there; `refuse` as a server that is down; `freeze` as one that was suspended. */
export type TcpMode = 'pass' | 'refuse' | 'freeze';

/** Stands before a real server and breaks the line to it on command. */
export class TcpProxy {
  private mode: TcpMode = 'pass';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (socket) => this.accept(socket));
  }

  static async before(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new TcpProxy(server, (server.address() as AddressInfo).port, target);
  }

  set(mode: TcpMode): void {
    this.mode = mode;
    for (const socket of this.sockets) {
      if (mode === 'refuse') socket.destroy();
      if (mode === 'freeze') socket.pause();
      if (mode === 'pass') socket.resume();
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private accept(client: Socket): void {
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(this.target);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => {
        if (this.mode !== 'freeze') from.resume();
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
    if (this.mode === 'freeze') for (const socket of [client, upstream]) socket.pause();
  }
}
