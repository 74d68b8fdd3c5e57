import type { Worker } from 'node:worker_threads';
import { TrainyardError } from '../../errors';
import type { FileRange } from '../files/fileRange';
import { documentLimits, overLimit, type DocumentText } from './documentText';
import type { DocumentReply } from './documentWorker';
import { startDocumentWorker } from './startWorker';

const mib = 1 << 20;

interface Job {
  file: FileRange;
  resolve(document: DocumentText): void;
  reject(error: unknown): void;
  /** Was stopped once over a limit, perhaps because of others: now runs alone in a fresh thread. */
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
  /** Documents read at a time. Changes nothing in what is read and what is refused. */
  lanes: number;
  /** Bounds on one document; tests make them small. @default documentLimits */
  limits?: Partial<Record<'cpuMilliseconds' | 'wallMilliseconds' | 'memoryMb', number>>;
}

/** MiB that a thread takes at least, with the readers loaded and before it reads. */
const threadMb = 10;

/**
 * Reads documents in threads, so that one that hangs or explodes can be cut off without losing the
 * others. Threads share the clocks and the memory of their process, so a document that goes over a limit
 * beside others is read again, alone in a fresh thread, and only what happens there counts: the same
 * documents are refused with any number of lanes.
 */
export class DocumentPool {
  private readonly queue: Job[] = [];
  private readonly lanes = new Set<Lane>();
  /** Threads that were told to end and still hold memory. */
  private ending = 0;
  private readonly watch: NodeJS.Timeout;
  /** Resident bytes that growth is counted from. */
  private baseRss = process.memoryUsage.rss();
  private readonly limits: Record<'cpuMilliseconds' | 'wallMilliseconds' | 'memoryMb', number>;
  private closed = false;

  constructor(private readonly options: DocumentPoolOptions) {
    this.limits = { ...documentLimits, ...options.limits };
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
        return this.stopLane(lane);
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
      const taken = alone ? busy.length + this.ending : busy.length;
      if (taken >= (alone ? 1 : this.options.lanes)) return;
      this.start(this.queue.shift()!);
    }
  }

  private start(job: Job): void {
    const idle = [...this.lanes].find((candidate) => candidate.job === undefined);
    const lane = idle && !job.alone ? idle : this.startLane();
    // Whatever else the process holds by now is not this document's.
    if (job.alone) this.baseRss = process.memoryUsage.rss();
    lane.job = job;
    lane.since = Date.now();
    lane.cpu = process.cpuUsage();
    lane.worker.postMessage(job.file);
  }

  private startLane(): Lane {
    const worker = startDocumentWorker(this.limits.memoryMb);
    const lane: Lane = { worker, since: Date.now(), cpu: process.cpuUsage() };
    this.lanes.add(lane);
    lane.worker.on('message', (reply: DocumentReply) => this.finish(lane, reply));
    lane.worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.overran([lane], this.tooMuchMemory());
      else this.cut(lane, error);
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
    if (job?.alone) void this.stopLane(lane).then(() => this.dispatch());
    else this.dispatch();
  }

  /** Ends a document together with its thread. */
  private cut(lane: Lane, error: Error): void {
    lane.job?.reject(error);
    void this.stopLane(lane).then(() => this.dispatch());
  }

  private async stopLane(lane: Lane): Promise<void> {
    lane.job = undefined;
    this.lanes.delete(lane);
    this.ending++;
    await lane.worker.terminate();
    this.ending--;
  }

  /**
   * Time counts as work done, not as seconds gone by: a busy machine must not change what is
   * refused. Only a document that waits for ever without working meets the wall clock.
   */
  private checkTime(): void {
    const { cpuMilliseconds, wallMilliseconds } = this.limits;
    const over = this.busy.filter(({ cpu, since }) => {
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1000 > cpuMilliseconds || Date.now() - since > wallMilliseconds;
    });
    const seconds = cpuMilliseconds / 1000;
    this.overran(over, overLimit(`reading the document takes longer than ${seconds} s`));
  }

  /**
   * Growth is that of all threads together: who stays below the limit beside others would alone as well.
   */
  private checkMemory(): void {
    const rss = process.memoryUsage.rss();
    // Memory of threads that have ended may be given back late: it must not hide what this document takes.
    if (this.busy.some(({ job }) => job!.alone)) this.baseRss = Math.min(this.baseRss, rss);
    const grown = (rss - this.baseRss) / mib;
    const ofOthers = threadMb * Math.max(0, this.lanes.size - 1);
    if (grown - ofOthers > this.limits.memoryMb) this.overran(this.lanes, this.tooMuchMemory());
  }

  /** Refuses the document that was alone; reads the others again. The threads of all of them end. */
  private overran(lanes: Iterable<Lane>, reason: TrainyardError): void {
    const ended = [...lanes];
    const again: Job[] = [];
    for (const { job } of ended) {
      if (job?.alone) job.reject(reason);
      else if (job) again.push({ ...job, alone: true });
    }
    this.queue.unshift(...again);
    const threads = ended.map((lane) => this.stopLane(lane));
    if (threads.length > 0) void Promise.all(threads).then(() => this.dispatch());
  }

  private tooMuchMemory(): TrainyardError {
    return overLimit(`reading the document takes more than ${this.limits.memoryMb} MiB of memory`);
  }
}
