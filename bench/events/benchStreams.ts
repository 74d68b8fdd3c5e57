import { Agent, get, type IncomingMessage } from 'node:http';

/** Event streams that are open together, and what came through them. */
export class BenchStreams {
  events = 0;
  ended = 0;
  private readonly agent = new Agent({ maxSockets: Infinity });

  constructor(
    private readonly api: string,
    private readonly token: string,
  ) {}

  /** Opens a stream; resolves when it has answered with 200. */
  async open(model: string): Promise<void> {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { Authorization: `Bearer ${this.token}` };
      const url = `${this.api}/api/v2/train/${model}/events`;
      get(url, { headers, agent: this.agent }, resolve).once('error', reject);
    });
    if (reply.statusCode !== 200) throw new Error(`a stream was answered with ${reply.statusCode}`);
    reply.setEncoding('utf8');
    reply.on('data', (text: string) => (this.events += text.split('\nevent: ').length - 1));
    reply.once('close', () => this.ended++).on('error', () => undefined);
  }

  close(): void {
    this.agent.destroy();
  }
}
