import { TrainyardError } from '../../errors';
import type { Pace } from './pace';
import { threadDied } from './predictorThreadClient';
import { leastLoaded, type ThreadSlot } from './threadSlot';

/** An opened model. */
export interface PooledModel {
  handle: number;
  /** The kind of model. */
  type: string;
  folder: string;
  bytes: number;
  /** Threads that have it open. */
  on: Set<ThreadSlot>;
  opening: Promise<void> | undefined;
  /** The last thread that was to open it died meanwhile. */
  lostThread: boolean;
  /** By kind of work, see QueuedModel. */
  paces: Map<string, Pace>;
}

export interface CopiesOptions {
  /** The threads that live; the pool adds and removes them. */
  threads: readonly ThreadSlot[];
  /** Most memory for opened models in bytes, as the size of their files; copies count. */
  maxBytes: number;
  /** A model can be used in one more thread, or is to be tried in another. */
  onChange: () => void;
  /** A model is open nowhere and cannot be opened. */
  onLost: (model: PooledModel, error: unknown) => void;
}

/** Which model is open in which threads. */
export class ModelCopies {
  private readonly models = new Map<number, PooledModel>();
  private nextHandle = 1;

  constructor(private readonly options: CopiesOptions) {}

  /** Size of all opened models, copies included. */
  get bytes(): number {
    let sum = 0;
    for (const model of this.models.values()) sum += model.bytes * Math.max(1, model.on.size);
    return sum;
  }

  get(handle: number): PooledModel | undefined {
    return this.models.get(handle);
  }

  /** Opens a bundle in the thread that holds the least. @returns the handle to predict with */
  async open(type: string, folder: string, bytes: number): Promise<number> {
    const handle = this.nextHandle++;
    const model: PooledModel = {
      handle,
      type,
      folder,
      bytes,
      on: new Set(),
      opening: undefined,
      lostThread: false,
      paces: new Map(),
    };
    this.models.set(handle, model);
    try {
      const thread = this.emptiest();
      if (!thread) throw threadDied();
      await this.openOn(model, thread);
    } catch (error) {
      this.models.delete(handle);
      throw error;
    }
    return handle;
  }

  /** Lets go of a model. Nobody may be predicting with it. */
  async close(handle: number): Promise<void> {
    const model = this.models.get(handle);
    if (!model) return;
    this.models.delete(handle);
    await model.opening?.catch(() => undefined);
    // A thread that died has let go already.
    await Promise.allSettled([...model.on].map(({ thread }) => thread.close(handle)));
  }

  /** For a thread that died. Its models are opened again, elsewhere, when a request asks for them. */
  forget(dead: ThreadSlot): void {
    for (const model of this.models.values()) model.on.delete(dead);
  }

  /** Opens a model in one more thread: one without long pieces, as long as there is memory. */
  spread(model: PooledModel): void {
    if (model.opening || !this.models.has(model.handle)) return;
    const { threads, maxBytes } = this.options;
    const [free] = leastLoaded(threads.filter((slot) => !model.on.has(slot) && !slot.isLong));
    const fits = this.bytes + model.bytes <= maxBytes;
    const target = model.on.size === 0 ? this.emptiest() : fits ? free : undefined;
    if (!target) return;
    this.openOn(model, target).then(
      () => this.options.onChange(),
      (error: unknown) => this.notSpread(model, error),
    );
  }

  private notSpread(model: PooledModel, error: unknown): void {
    // Another thread serves it.
    if (model.on.size > 0) return;
    // The thread may have died of something else: once, another one tries.
    if (isDeath(error) && !model.lostThread) {
      model.lostThread = true;
      this.options.onChange();
    } else this.options.onLost(model, error);
  }

  private openOn(model: PooledModel, slot: ThreadSlot): Promise<void> {
    model.opening = slot.thread
      .open(model.handle, model.type, model.folder)
      .then(() => {
        // It may have died between the answer and now.
        if (!this.options.threads.includes(slot)) throw threadDied();
        model.on.add(slot);
        model.lostThread = false;
      })
      .finally(() => {
        model.opening = undefined;
      });
    return model.opening;
  }

  /** The thread whose opened models are smallest. */
  private emptiest(): ThreadSlot | undefined {
    const held = new Map(this.options.threads.map((slot) => [slot, 0]));
    for (const model of this.models.values()) {
      for (const slot of model.on) held.set(slot, (held.get(slot) ?? 0) + model.bytes);
    }
    return this.options.threads.toSorted((a, b) => held.get(a)! - held.get(b)!)[0];
  }
}

export function isDeath(error: unknown): boolean {
  return error instanceof TrainyardError && error.code === 'thread_died';
}
