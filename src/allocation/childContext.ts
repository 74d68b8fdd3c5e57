import { join } from 'node:path';
import { TrainyardError } from '../errors';
import { writeParts } from '../support/largeFiles';
import { warningLine } from '../stage/keptWarnings';
import { progressLine } from '../stage/progressLine';
import type { AllocationJob, FromChild, ToChild } from './protocol';
import type { StageContext, StageProgress, StageWarning } from '../stage/stageContext';

/** More often than this, progress would cost more than it tells. */
const progressIntervalMs = 200;
const logIntervalMs = 2000;

/** StageContext on the child's side of the channel. */
export class ChildContext implements StageContext {
  readonly inputs: string;
  readonly outputs: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly resume?: { step: number; path: string };
  private readonly controller = new AbortController();
  checkpointRequested = false;
  private readonly waiting = new Map<number, { saved(): void; refused(): void }>();
  private progressAt = 0;
  private logAt = 0;

  constructor(
    private readonly job: AllocationJob,
    private readonly send: (message: FromChild) => void,
  ) {
    this.inputs = job.inputs;
    this.outputs = job.outputs;
    this.cores = job.cores;
    this.memoryMb = job.memoryMb;
    if (job.resume) this.resume = job.resume;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  receive(message: ToChild): void {
    if (message.type === 'abort') this.controller.abort();
    if (message.type === 'save') this.checkpointRequested = true;
    if (message.type === 'checkpoint_saved') this.settle(message.step)?.saved();
    if (message.type === 'checkpoint_refused') this.settle(message.step)?.refused();
  }

  progress(progress: StageProgress): void {
    const now = Date.now();
    const last = progress.total !== undefined && progress.done >= progress.total;
    if (!last && now - this.progressAt < progressIntervalMs) return;
    this.progressAt = now;
    this.send({ type: 'progress', progress });
    if (last || now - this.logAt >= logIntervalMs) {
      this.logAt = now;
      console.log(`${this.job.stage}: ${progressLine(progress)}`);
    }
  }

  metric(name: string, step: number, value: number): void {
    this.send({ type: 'metric', name, step, value });
  }

  warn(warning: StageWarning): void {
    console.log(warningLine(warning));
    this.send({ type: 'warning', warning });
  }

  checkpoint(step: number, parts: readonly Uint8Array[]): Promise<void> {
    this.checkpointRequested = false;
    const path = join(this.job.checkpoints, String(step));
    writeParts(path, parts);
    return new Promise((resolve, reject) => {
      const refused = () => {
        reject(new TrainyardError('infrastructure', 'fenced', 'a newer attempt owns this stage'));
      };
      this.waiting.set(step, { saved: resolve, refused });
      this.send({ type: 'checkpoint', step, path });
    });
  }

  private settle(step: number) {
    const waiter = this.waiting.get(step);
    this.waiting.delete(step);
    return waiter;
  }
}
