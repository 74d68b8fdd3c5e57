import type { Worker } from 'node:worker_threads';
import type { ProblemResult, ProblemTask } from '../../../ml/linear/problemTask';
import type { SolverSnapshot } from '../../../ml/linear/svmSolver';
import { startThread } from '../../../support/startThread';
import type { FromSolver, SolverData, ToSolver } from './solverMessages';

/** A problem that a thread works on, and how far it was when asked last. */
export interface UnfinishedProblem {
  label: number;
  fold: number;
  snapshot?: SolverSnapshot;
}

export interface SolverListener {
  /** A problem has made some more passes over its rows; `before` them there were so many. */
  onPasses(task: ProblemTask, before: number, losses: number[]): void;
  onResult(result: ProblemResult): void;
}

/** Solves problems on a few threads. Each result is the same whichever thread finds it, and when. */
export class SolverPool {
  private readonly threads: Worker[];
  private readonly running = new Map<Worker, ToSolver>();
  private waiting: ToSolver[] = [];
  private snapshotsWanted?: { left: Set<Worker>; resolve: () => void };
  private finish?: { resolve: () => void; reject: (error: unknown) => void };

  constructor(
    threads: number,
    private readonly data: Omit<SolverData, 'requests'>,
    private readonly listener: SolverListener,
    private readonly requests = new Int32Array(new SharedArrayBuffer(4)),
  ) {
    this.threads = Array.from({ length: threads }, () => this.start());
  }

  /** Solves all tasks; resolves when the last has its result. */
  async run(tasks: ToSolver[]): Promise<void> {
    if (tasks.length === 0) return;
    this.waiting = tasks.slice();
    await new Promise<void>((resolve, reject) => {
      this.finish = { resolve, reject };
      for (const thread of this.threads) this.next(thread);
    });
  }

  /** How far each running problem is; those that end meanwhile are left out. */
  async snapshots(): Promise<UnfinishedProblem[]> {
    const asked = [...this.running.entries()];
    const taken: UnfinishedProblem[] = [];
    if (asked.length === 0) return taken;
    await new Promise<void>((resolve) => {
      this.snapshotsWanted = { left: new Set(asked.map(([thread]) => thread)), resolve };
      Atomics.add(this.requests, 0, 1);
    });
    for (const [thread, work] of asked) {
      if (this.running.get(thread) !== work || !work.snapshot) continue;
      taken.push({ label: work.task.label, fold: work.task.fold, snapshot: work.snapshot });
    }
    return taken;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    this.snapshotsWanted?.resolve();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private start(): Worker {
    const data: SolverData = { ...this.data, requests: this.requests };
    const thread = startThread(__dirname, 'solverThread', { workerData: data });
    thread.on('message', (message: FromSolver) => this.receive(thread, message));
    thread.on('error', (error) => this.finish?.reject(error));
    return thread;
  }

  private next(thread: Worker): void {
    const work = this.waiting.shift();
    if (work) {
      this.running.set(thread, work);
      thread.postMessage(work);
      return;
    }
    this.running.delete(thread);
    if (this.running.size === 0) this.finish?.resolve();
  }

  private receive(thread: Worker, message: FromSolver): void {
    const work = this.running.get(thread)!;
    if (message.type === 'passes') {
      this.listener.onPasses(work.task, message.before, message.losses);
      return;
    }
    if (message.type === 'snapshot') work.snapshot = message.snapshot;
    else {
      this.listener.onResult(message.result);
      this.next(thread);
    }
    const wanted = this.snapshotsWanted;
    if (wanted?.left.delete(thread) && wanted.left.size === 0) wanted.resolve();
  }
}
