import { readFileSync } from 'node:fs';
import type { StageContext } from '../../allocation/stageContext';
import { decodeState, emptyState, encodeState, type TrainState } from './trainState';

/** Saves the state of a training and takes it up again. */
export class Checkpoints {
  private step: number;
  private lastTook = 0;

  /** @param every milliseconds between two checkpoints; more when saving is slow. */
  constructor(
    private readonly context: StageContext,
    private readonly every: number,
  ) {
    this.step = context.resume?.step ?? 0;
  }

  /** The state of the newest checkpoint, or that of a fresh start. */
  load(): TrainState {
    const { resume } = this.context;
    return resume ? decodeState(readFileSync(resume.path)) : emptyState();
  }

  /** Saving takes at most a tenth of the time. */
  get interval(): number {
    return Math.max(this.every, this.lastTook * 10);
  }

  async save(state: TrainState): Promise<void> {
    const started = performance.now();
    await this.context.checkpoint(++this.step, encodeState(state));
    this.lastTook = performance.now() - started;
  }
}
