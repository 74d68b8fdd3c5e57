import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';

/**
 * - `pass`: as if it were not there
 * - `stopped`: connections are refused
 * - `slow`: each request waits two seconds
 * - `errors`: 500 to every request
 * - `half`: the reply ends in the middle of its body
 * - `full`: what is stored is refused for want of space, reads work
 * - `hang`: no reply at all
 */
export const s3Faults = ['stopped', 'slow', 'errors', 'half', 'full', 'hang'] as const;
export type S3Fault = (typeof s3Faults)[number];

/** Stands before a real S3 server and misbehaves on command; what passes, passes unchanged. */
export class FaultyS3 {
  mode: S3Fault | 'pass' = 'pass';
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    readonly endpoint: string,
  ) {
    server.on('request', (incoming: IncomingMessage, reply: ServerResponse) => {
      this.answer(incoming, reply).catch(() => reply.destroy());
    });
  }

  static async before(endpoint: string): Promise<FaultyS3> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return new FaultyS3(server, new URL(endpoint), `http://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const writes = incoming.method === 'PUT' || incoming.method === 'POST';
    switch (this.mode) {
      case 'stopped':
        incoming.socket.resetAndDestroy();
        return;
      case 'hang':
        incoming.resume();
        return;
      case 'errors':
        refuse(incoming, reply, 500, 'InternalError');
        return;
      case 'full':
        if (!writes) break;
        refuse(incoming, reply, 507, 'XMinioStorageFull');
        return;
      case 'slow':
        await new Promise((done) => setTimeout(done, 2000));
        break;
      default:
    }
    this.forward(incoming, reply, this.mode === 'half');
  }

  private forward(incoming: IncomingMessage, reply: ServerResponse, half: boolean): void {
    const outgoing = request(
      {
        agent: this.agent,
        host: this.target.hostname,
        port: this.target.port,
        method: incoming.method,
        path: incoming.url,
        // The signature covers the host that the client asked.
        headers: incoming.headers,
        setHost: false,
      },
      (answer) => {
        reply.writeHead(answer.statusCode!, answer.headers);
        if (!half) {
          answer.pipe(reply);
          return;
        }
        answer.once('data', (bytes: Buffer) => {
          reply.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => reply.destroy());
          answer.destroy();
        });
        answer.once('end', () => reply.end());
      },
    );
    outgoing.on('error', () => reply.destroy());
    incoming.on('error', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}

function refuse(
  incoming: IncomingMessage,
  reply: ServerResponse,
  status: number,
  code: string,
): void {
  incoming.resume().once('end', () => {
    reply.writeHead(status, { 'Content-Type': 'application/xml' });
    reply.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
  });
}
