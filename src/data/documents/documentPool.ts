import type { Worker } from 'node:worker_threads';
import { TrainyardError } from '../../errors';
import type { FileRange } from '../files/fileRange';
import { documentLimits, overLimit, type DocumentText } from './documentText';
import type { DocumentReply } from './documentWorker';
import { startDocumentWorker } from './startWorker';

interface Job {
  file: FileRange;
  resolve(document: DocumentText): void;
  reject(error: unknown): void;
  /** Was stopped once for memory, perhaps because of others: now runs alone in a fresh thread. */
  alone: boolean;
}

interface Lane {
  worker: Worker;
  job?: Job;
  /** When the job started: wall clock in milliseconds, and processor time of the process. */
  since: number;
  cpu: NodeJS.CpuUsage;
}

export interface DocumentPoolOptions {
  /** Documents read at a time. */
  lanes: number;
  /** Processor time for one document in milliseconds. @default documentLimits.cpuMilliseconds */
  cpuMilliseconds?: number;
  /** MiB that the process may grow by for one document. @default documentLimits.memoryMb */
  memoryMb?: number;
}

/**
 * Reads documents in threads, so that one that hangs or explodes can be cut off without losing the
 * others: over its time or memory a document is refused as `limit` and its thread replaced.
 */
export class DocumentPool {
  private readonly queue: Job[] = [];
  private readonly lanes = new Set<Lane>();
  private readonly watch: NodeJS.Timeout;
  /** Resident bytes that growth is counted from. */
  private baseRss = process.memoryUsage.rss();
  private readonly cpuMilliseconds: number;
  private readonly memoryMb: number;
  private closed = false;

  constructor(private readonly options: DocumentPoolOptions) {
    this.cpuMilliseconds = options.cpuMilliseconds ?? documentLimits.cpuMilliseconds;
    this.memoryMb = options.memoryMb ?? documentLimits.memoryMb;
    this.watch = setInterval(() => {
      this.checkTime();
      this.checkMemory();
    }, 50);
  }

  /** The text of a document; rejects with a TrainyardError that says why it cannot be used. */
  read(file: FileRange): Promise<DocumentText> {
    if (file.bytes > documentLimits.fileBytes) {
      const limit = documentLimits.fileBytes >> 20;
      return Promise.reject(overLimit(`the file is larger than ${limit} MiB`));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ file, resolve, reject, alone: false });
      this.dispatch();
    });
  }

  /** Stops all threads; documents still being read are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    const stopped = new Error('the document pool was closed');
    for (const job of this.queue.splice(0)) job.reject(stopped);
    await Promise.all(
      [...this.lanes].map((lane) => {
        lane.job?.reject(stopped);
        return this.retire(lane);
      }),
    );
  }

  private get busy(): Lane[] {
    return [...this.lanes].filter((lane) => lane.job !== undefined);
  }

  private dispatch(): void {
    while (!this.closed && this.queue.length > 0) {
      const busy = this.busy;
      const alone = this.queue[0]!.alone || busy.some((lane) => lane.job!.alone);
      if (busy.length >= (alone ? 1 : this.options.lanes)) return;
      this.start(this.queue.shift()!);
    }
  }

  private start(job: Job): void {
    const lane = [...this.lanes].find((candidate) => candidate.job === undefined) ?? this.hire();
    // Whatever else the process holds by now is not this document's.
    if (job.alone) this.baseRss = process.memoryUsage.rss();
    lane.job = job;
    lane.since = Date.now();
    lane.cpu = process.cpuUsage();
    lane.worker.postMessage(job.file);
  }

  private hire(): Lane {
    const worker = startDocumentWorker(this.memoryMb);
    const lane: Lane = { worker, since: Date.now(), cpu: process.cpuUsage() };
    this.lanes.add(lane);
    lane.worker.on('message', (reply: DocumentReply) => this.finish(lane, reply));
    lane.worker.on('error', (error: Error & { code?: string }) => {
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.cut(lane, memory ? this.tooMuchMemory() : error);
    });
    return lane;
  }

  private finish(lane: Lane, reply: DocumentReply): void {
    const job = lane.job;
    lane.job = undefined;
    if ('document' in reply) job?.resolve(reply.document);
    else
      job?.reject(
        new TrainyardError(reply.failure.kind, reply.failure.code, reply.failure.message),
      );
    this.dispatch();
  }

  /** Ends a document together with its thread. */
  private cut(lane: Lane, error: Error): void {
    lane.job?.reject(error);
    void this.retire(lane).then(() => this.dispatch());
  }

  private async retire(lane: Lane): Promise<void> {
    lane.job = undefined;
    this.lanes.delete(lane);
    await lane.worker.terminate();
  }

  /**
   * Time counts as work done, not as seconds gone by: a busy machine must not change what is
   * refused. All threads share one clock, so each is allowed its share of it.
   */
  private checkTime(): void {
    const allowed = this.cpuMilliseconds * this.options.lanes;
    for (const lane of this.busy) {
      const { user, system } = process.cpuUsage(lane.cpu);
      const idle = Date.now() - lane.since > 10 * allowed;
      if ((user + system) / 1000 <= allowed && !idle) continue;
      const seconds = this.cpuMilliseconds / 1000;
      this.cut(lane, overLimit(`reading the document takes longer than ${seconds} s`));
    }
  }

  private checkMemory(): void {
    const grown = process.memoryUsage.rss() - this.baseRss;
    if (grown <= this.memoryMb * (1 << 20)) return;
    const busy = this.busy;
    const again = busy.flatMap(({ job }) => (job!.alone ? [] : [{ ...job!, alone: true }]));
    for (const lane of busy) if (lane.job!.alone) lane.job!.reject(this.tooMuchMemory());
    this.queue.unshift(...again);
    // Idle threads go as well: what they hold counts too.
    const all = [...this.lanes].map((lane) => this.retire(lane));
    void Promise.all(all).then(() => this.dispatch());
  }

  private tooMuchMemory(): TrainyardError {
    return overLimit(`reading the document takes more than ${this.memoryMb} MiB of memory`);
  }
}
