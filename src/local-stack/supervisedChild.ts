import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { TrainyardError } from '../errors';
import { lastLines, spawnChild, type ChildSpec } from './child';
import { endGroup, markOf, signalGroup, type ProcessMark } from './processes';
import type { Progress } from './progress';

/** A start that fails so often before the first answer is given up. */
const firstTries = 5;
/** The wait before a restart doubles from the first to the last of these, and starts over when stable. */
const leastWaitMs = 200;
const mostWaitMs = 10_000;
const stableMs = 60_000;

/** Keeps one process running: starts it again, with growing patience, whenever it ends. */
export class SupervisedChild {
  private process?: ChildProcess;
  private mark?: ProcessMark;
  private stopping = false;
  private waitMs = leastWaitMs;
  private readonly abort = new AbortController();
  /** How often it was started again. */
  restarts = 0;

  constructor(
    readonly name: string,
    private readonly spec: ChildSpec,
    private readonly progress: Progress,
    /** Called whenever its process changes. */
    private readonly onChange: () => void,
  ) {}

  /** The running process. */
  get running(): ProcessMark | undefined {
    return this.mark;
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (await this.launch()) break;
      if (this.stopping) return;
      if (attempt === firstTries) throw this.giveUp();
      await this.pause();
    }
    void this.keep();
  }

  /** Ends it, by force when it does not end by itself in time. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.abort.abort();
    const { mark } = this;
    if (mark !== undefined) await endGroup(mark, this.spec.stopSignal, this.spec.stopPatienceMs);
  }

  /** Ends it at once. */
  kill(): void {
    this.stopping = true;
    this.abort.abort();
    if (this.mark !== undefined) signalGroup(this.mark.pid, 'SIGKILL');
  }

  /** One start. True: it answers. False: it ended before it did. */
  private async launch(): Promise<boolean> {
    await this.spec.prepare?.();
    if (this.stopping) return false;
    const child = spawnChild(this.spec);
    this.process = child;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    this.note(child.pid === undefined ? undefined : markOf(child.pid));
    void ended.then(() => {
      if (this.process === child) this.note(undefined);
    });
    const gone = ended.then(() => 'gone' as const);
    return (await Promise.race([gone, this.answers()])) === 'answers';
  }

  private async answers(): Promise<'answers' | 'silent'> {
    const child = this.process;
    const end = performance.now() + this.spec.readyPatienceMs;
    while (this.process === child && this.mark !== undefined) {
      if (await this.spec.isReady().catch(() => false)) return 'answers';
      if (performance.now() > end) {
        await endGroup(this.mark, 'SIGKILL', 0);
        return 'silent';
      }
      await delay(50);
    }
    return 'silent';
  }

  /** Waits for the end of the process and starts it again, until it is stopped. */
  private async keep(): Promise<void> {
    while (!this.stopping) {
      const started = performance.now();
      await this.untilEnd();
      if (this.stopping) return;
      if (performance.now() - started > stableMs) this.waitMs = leastWaitMs;
      this.progress(`${this.spec.title} ended unexpectedly; starting it again`);
      do {
        await this.pause();
        this.restarts++;
      } while (!this.stopping && !(await this.launch().catch(() => false)));
      if (!this.stopping) this.progress(`${this.spec.title} is back`);
    }
  }

  private async untilEnd(): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }

  private async pause(): Promise<void> {
    await delay(this.waitMs, undefined, { signal: this.abort.signal }).catch(() => undefined);
    this.waitMs = Math.min(this.waitMs * 2, mostWaitMs);
  }

  private note(mark: ProcessMark | undefined): void {
    if (mark === undefined) delete this.mark;
    else this.mark = mark;
    this.onChange();
  }

  private giveUp(): TrainyardError {
    const printed = lastLines(this.spec);
    return new TrainyardError(
      'infrastructure',
      'part_does_not_start',
      `${this.spec.title} ended or stayed silent on ${firstTries} starts; what it printed last:\n${printed}`,
      500,
    );
  }
}
