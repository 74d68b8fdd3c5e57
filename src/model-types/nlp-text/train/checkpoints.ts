import type { StageContext } from '../../../stage/stageContext';
import { withFile } from '../../../support/largeFiles';
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
    if (!resume) return emptyState();
    return decodeState(withFile(resume.path, (file) => file.read(0, file.size)));
  }

  /** Saving takes at most a tenth of the time, unless a checkpoint was asked for. */
  get interval(): number {
    if (this.context.checkpointRequested) return 0;
    return Math.max(this.every, this.lastTook * 10);
  }

  async save(state: TrainState): Promise<void> {
    const started = performance.now();
    await this.context.checkpoint(++this.step, [encodeState(state)]);
    this.lastTook = performance.now() - started;
  }
}
