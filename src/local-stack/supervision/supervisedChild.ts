import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { TrainyardError } from '../../errors';
import { lastLines, spawnChild, type ChildSpec } from './child';
import { endGroup, killTree, markOf, signalGroup, type ProcessMark } from './processes';
import { duration, type Progress } from '../progress';
import { IdleTimer } from './idleTimer';

/** A start that fails so often before the first answer is given up. */
const firstTries = 5;
/** The wait before a restart doubles from the first to the last of these, and starts over when stable. */
const leastWaitMs = 200;
const mostWaitMs = 10_000;
const stableMs = 60_000;
/** How long a process has to answer one check. */
const checkMs = 5000;

export interface SupervisedChildOptions {
  name: string;
  spec: ChildSpec;
  progress: Progress;
  /** Called whenever its process changes. */
  onChange: () => void;
  /** A process that gives no answer for so long is killed and started again. */
  silenceMs: number;
  /** Time between two checks. @default 5000 */
  checkEveryMs?: number;
}

/** Keeps one process running: starts it again, with growing patience, when it ends or falls silent. */
export class SupervisedChild {
  readonly name: string;
  private readonly spec: ChildSpec;
  private readonly progress: Progress;
  private process?: ChildProcess;
  private mark?: ProcessMark;
  private stopping = false;
  private waitMs = leastWaitMs;
  private readonly abort = new AbortController();
  /** How often it was started again. */
  restarts = 0;

  constructor(private readonly options: SupervisedChildOptions) {
    ({ name: this.name, spec: this.spec, progress: this.progress } = options);
  }

  /** The running process. */
  get running(): ProcessMark | undefined {
    return this.mark;
  }

  /**
   * Starts it and waits until it can do its work.
   * @throws TrainyardError when it cannot, or another process answers in its place
   */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (await this.launch(this.spec.isReady)) break;
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

  /** One start. True: it answers. False: it ended before it did, or was killed since it did not. */
  private async launch(answers: () => Promise<boolean>): Promise<boolean> {
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
    try {
      return await Promise.race([ended.then(() => false), this.untilAnswers(answers)]);
    } catch (error) {
      if (this.mark !== undefined) await killTree(this.mark);
      throw error;
    }
  }

  private async untilAnswers(answers: () => Promise<boolean>): Promise<boolean> {
    const child = this.process;
    const end = performance.now() + this.spec.readyPatienceMs;
    while (this.process === child && this.mark !== undefined) {
      if (await answers().catch(falseUnlessTold)) return true;
      if (performance.now() > end) {
        await killTree(this.mark);
        return false;
      }
      await delay(50);
    }
    return false;
  }

  /** Waits for the end of the process and starts it again, until it is stopped. */
  private async keep(): Promise<void> {
    while (!this.stopping) {
      const started = performance.now();
      void this.watch();
      await this.untilEnd();
      if (this.stopping) return;
      if (performance.now() - started > stableMs) this.waitMs = leastWaitMs;
      this.progress(`${this.spec.title} ended unexpectedly; starting it again`);
      do {
        await this.pause();
        this.restarts++;
      } while (!this.stopping && !(await this.relaunch()));
      if (!this.stopping) this.progress(`${this.spec.title} is back`);
    }
  }

  /** Once it has worked, it counts as back when it answers at all: what it needs may be away too. */
  private async relaunch(): Promise<boolean> {
    try {
      return await this.launch(this.spec.isAlive);
    } catch (error) {
      if (error instanceof TrainyardError) this.progress(`${this.spec.title}: ${error.text}`);
      return false;
    }
  }

  /** Kills the process when it gives no answer for too long. */
  private async watch(): Promise<void> {
    const { silenceMs, checkEveryMs = 5000 } = this.options;
    const child = this.process;
    const silence = new IdleTimer(silenceMs, 2 * (checkEveryMs + checkMs));
    while (this.process === child && this.mark !== undefined && !this.stopping) {
      await this.sleep(checkEveryMs);
      if (this.process !== child || this.mark === undefined || this.stopping) return;
      const { mark } = this;
      if (!silence.isTooLong(await this.answersInTime())) continue;
      this.progress(
        `${this.spec.title} has given no answer for ${duration(silenceMs)}; killing it to start it again`,
      );
      return killTree(mark);
    }
  }

  private async answersInTime(): Promise<boolean> {
    const timeout = new AbortController();
    const late = delay(checkMs, false, { signal: timeout.signal }).catch(() => false);
    try {
      return await Promise.race([this.spec.isAlive().catch(() => false), late]);
    } finally {
      timeout.abort();
    }
  }

  private async untilEnd(): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }

  private async pause(): Promise<void> {
    await this.sleep(this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, mostWaitMs);
  }

  private async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.abort.signal }).catch(() => undefined);
  }

  private note(mark: ProcessMark | undefined): void {
    if (mark === undefined) delete this.mark;
    else this.mark = mark;
    this.options.onChange();
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

/** A failed question is no answer; an error for people ends the start. */
function falseUnlessTold(error: unknown): boolean {
  if (error instanceof TrainyardError) throw error;
  return false;
}
