import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Bytes of log that may wait for a destination that is slow or full; lines beyond it are dropped. */
export const maxWaitingBytes = 1024 * 1024;
/** Time until the next try after a failed write. */
const retryMs = 250;
/** At the end of the process a pipe that nobody reads gets this many tries. */
const lastTries = 5;

/**
 * Where the log of a process goes: written beside its work, bounded in memory, and never a reason for
 * the process to end or to wait, whatever is wrong with the disk or the pipe.
 */
export class LogDestination implements DestinationStream {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private busy = false;
  private dropped = 0;
  private told: ((dropped: number) => void) | undefined;

  /** @param fd an open file, pipe or terminal */
  constructor(private fd: number) {
    process.once('exit', () => this.writeLast());
  }

  /** `told` gets the number of lines that were dropped, once lines are written again. */
  onRecovery(told: (dropped: number) => void): void {
    this.told = told;
  }

  /** Goes on with another file; what waits is written there. */
  redirect(fd: number): void {
    this.fd = fd;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.waitingBytes + bytes.length > maxWaitingBytes) {
      this.dropped++;
      return;
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (!this.busy) this.writeNext();
  }

  private writeNext(): void {
    this.busy = true;
    const chunk = Buffer.concat(this.waiting);
    this.waiting = [];
    write(this.fd, chunk, 0, chunk.length, null, (error, written) => {
      const done = error ? 0 : written;
      this.waitingBytes -= done;
      if (done < chunk.length) this.waiting.unshift(chunk.subarray(done));
      if (error) setTimeout(() => this.writeNext(), retryMs).unref();
      else if (this.waiting.length > 0) this.writeNext();
      else this.rest();
    });
  }

  /** Everything is written. */
  private rest(): void {
    this.busy = false;
    const { dropped } = this;
    if (dropped === 0) return;
    this.dropped = 0;
    this.told?.(dropped);
  }

  /** What is not yet on its way; lost where it cannot be written. */
  private writeLast(): void {
    let rest = Buffer.concat(this.waiting);
    this.waiting = [];
    for (let tries = 0; rest.length > 0 && tries < lastTries;) {
      try {
        rest = rest.subarray(writeSync(this.fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        tries++;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      }
    }
  }
}
