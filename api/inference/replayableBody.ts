import type { ClientRequest, IncomingMessage } from 'node:http';

/** A request's body on its way upstream. While it is small, what has come of it is kept for another try. */
export class ReplayableBody {
  private kept: Buffer[] | undefined = [];
  private keptBytes = 0;
  private complete = false;
  private detach: () => void = () => undefined;

  /** @param maxBytes larger bodies are not kept */
  constructor(
    private readonly incoming: IncomingMessage,
    private readonly maxBytes: number,
  ) {}

  get canBeSentAgain(): boolean {
    return this.kept !== undefined;
  }

  /** Whether all of it has come and gone on. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Sends what has come so far, and the rest as it comes. */
  sendTo(upstream: ClientRequest): void {
    for (const chunk of this.kept ?? []) upstream.write(chunk);
    if (this.complete) return void upstream.end();
    const pass = (chunk: Buffer): void => {
      this.keep(chunk);
      if (!upstream.write(chunk)) this.incoming.pause();
    };
    const resume = (): void => void this.incoming.resume();
    const end = (): void => {
      this.complete = true;
      upstream.end();
    };
    this.incoming.on('data', pass).on('end', end);
    upstream.on('drain', resume);
    this.detach = () => {
      this.incoming.off('data', pass).off('end', end).pause();
      upstream.off('drain', resume);
    };
    resume();
  }

  /** Takes no more of it until it is sent again. */
  stop(): void {
    this.detach();
    this.detach = () => undefined;
  }

  private keep(chunk: Buffer): void {
    this.keptBytes += chunk.length;
    if (this.keptBytes > this.maxBytes) this.kept = undefined;
    this.kept?.push(chunk);
  }
}
