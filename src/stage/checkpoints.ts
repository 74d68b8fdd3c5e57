import { withFile } from '../support/largeFiles';
import type { StageContext } from './stageContext';

/** How the state of a training becomes bytes, and is read from them. */
export interface StateCodec<State> {
  /** Of a fresh start. */
  empty(): State;
  /** Parts of the bytes, one after the other; they may be views of the state. */
  encode(state: State): Uint8Array[];
  decode(bytes: Uint8Array): State;
}

/** Saves the state of a training and takes it up again. */
export class Checkpoints<State> {
  private step: number;
  private lastTook = 0;
  private last = performance.now();

  /** @param every milliseconds between two checkpoints; more when saving is slow. */
  constructor(
    private readonly context: StageContext,
    private readonly every: number,
    private readonly codec: StateCodec<State>,
  ) {
    this.step = context.resume?.step ?? 0;
  }

  /** The state of the newest checkpoint, or that of a fresh start. */
  load(): State {
    const { resume } = this.context;
    if (!resume) return this.codec.empty();
    return this.codec.decode(withFile(resume.path, (file) => file.read(0, file.size)));
  }

  /** Saving takes at most a tenth of the time, unless a checkpoint was asked for. */
  get interval(): number {
    if (this.context.checkpointRequested) return 0;
    return Math.max(this.every, this.lastTook * 10);
  }

  async save(state: State): Promise<void> {
    const started = performance.now();
    await this.context.checkpoint(++this.step, this.codec.encode(state));
    this.last = performance.now();
    this.lastTook = this.last - started;
  }

  /** Saves when it is time. */
  async saveNowAndThen(state: State): Promise<void> {
    if (performance.now() - this.last >= this.interval) await this.save(state);
  }
}
