import type { ActionRequest } from '../../model-types/contract/servedModel';
import { isDeath, ModelCopies, type PooledModel } from './modelCopies';
import { PredictorThread } from './predictorThreadClient';
import { RequestQueue, type Piece, type QueueLimits } from './requestQueue';
import { leastLoaded, ThreadSlot } from './threadSlot';
import { ItemRequest } from './itemRequest';

export interface PoolOptions {
  /** Threads that compute, beside the one that talks HTTP. */
  threads: number;
  /** Most memory for opened models in bytes, as the size of their files; copies in other threads count. */
  maxBytes: number;
  /** What may wait before callers are told to come back. */
  limits?: QueueLimits | undefined;
  /** Starts a thread; for tests. */
  startThread?: ((onDeath: (thread: PredictorThread) => void) => PredictorThread) | undefined;
}

export interface Asking {
  action: string;
  request: Pick<ActionRequest, 'items' | 'sizeOf' | 'options' | 'long'>;
  /** Callers take turns; every request of one has the same. */
  caller: string;
  /** Once it is aborted nothing more is computed, and the call rejects with its reason. */
  signal?: AbortSignal | undefined;
}

interface Running {
  piece: Piece<PooledModel>;
  abort: AbortController;
}

const restartPauseMs = 1000;
/** Long pieces leave a thread to the others while somebody asked for short ones within this time. */
const leaveRoomMs = 30_000;

/**
 * Spreads predictions over threads. A model is opened in one thread and, while its requests queue
 * up and another thread idles, in that one too. Requests are cut into small pieces and take turns (see
 * `RequestQueue`); those that wait for the same model are computed together: under load a message
 * carries many texts, without load nobody waits for company.
 *
 * Some pieces are long, however small: a text whose classes are explained with an encoder is many runs. A thread
 * computes one of these at a time, and one thread is kept free of them while others ask for short ones.
 */
export class PredictorPool {
  private readonly threads: ThreadSlot[] = [];
  private readonly copies: ModelCopies;
  private readonly queue: RequestQueue<PooledModel>;
  private readonly running = new Set<Running>();
  private lastShort = -Infinity;
  private ended = false;

  constructor(private readonly options: PoolOptions) {
    this.queue = new RequestQueue(options.limits);
    this.copies = new ModelCopies({
      threads: this.threads,
      maxBytes: options.maxBytes,
      onChange: () => this.dispatch(),
      onLost: (model, error) => this.queue.fail(model, error),
    });
    for (let i = 0; i < options.threads; i++) this.startThread();
  }

  /** Size of all opened models, copies included. */
  get bytes(): number {
    return this.copies.bytes;
  }

  /** Items that wait for a thread. */
  get waiting(): number {
    return this.queue.items;
  }

  /** Opens the bundle of a kind of model, for which `bytes` are counted. @returns the handle to ask with */
  async open(type: string, folder: string, bytes: number): Promise<number> {
    return this.copies.open(type, folder, bytes);
  }

  /** Lets go of a model. Nobody may be predicting with it. */
  async close(handle: number): Promise<void> {
    await this.copies.close(handle);
  }

  /**
   * @returns a result for each item, in their order
   * @throws TrainyardError `overloaded` when too much waits
   */
  async run(
    handle: number,
    { action, request: asked, caller, signal }: Asking,
  ): Promise<unknown[]> {
    const model = this.copies.get(handle);
    if (!model) throw new Error(`model ${handle} is not open`);
    signal?.throwIfAborted();
    if (asked.items.length === 0) return [];
    const request = new ItemRequest(asked);
    const leave = (): void => this.leave(request, signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      this.queue.add({ model, action, long: asked.long, caller }, request);
      this.dispatch();
      return await request.done;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Ends every thread; what is under way is lost, so drain first. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.threads.map(({ thread }) => thread.end()));
  }

  private leave(request: ItemRequest, reason: unknown): void {
    request.fail(reason);
    for (const { piece, abort } of this.running) {
      if (piece.parts.every((part) => part.request.isOver)) abort.abort();
    }
  }

  /** Gives every thread with room what is next among what it can do. */
  private dispatch(): void {
    if (this.ended) return;
    for (let given = true; given;) {
      given = false;
      for (const slot of leastLoaded(this.threads)) {
        const piece = this.queue.take(
          (flow) => flow.model.on.has(slot) && this.hasRoom(slot, flow),
        );
        if (!piece) continue;
        given = true;
        void this.compute(slot, piece);
      }
    }
    this.spreadWaiting();
  }

  private hasRoom(slot: ThreadSlot, { pace, key }: Piece<PooledModel>['flow']): boolean {
    if (!pace.isLong) return slot.hasRoomFor(key);
    const now = performance.now();
    const kept = this.threads.length > 1 && now - this.lastShort < leaveRoomMs ? 1 : 0;
    const long = this.threads.filter((thread) => thread.isLong).length;
    return !slot.isLong && long < this.threads.length - kept;
  }

  private async compute(slot: ThreadSlot, piece: Piece<PooledModel>): Promise<void> {
    const { parts, flow } = piece;
    const { model, action, pace } = flow;
    const running = { piece, abort: new AbortController() };
    this.running.add(running);
    const isLong = pace.isLong;
    if (!isLong && pace.isKnown) this.lastShort = performance.now();
    const release = slot.occupy(flow.key, piece.cost, isLong);
    if (!isLong && slot.isLong) this.copies.spread(model);
    const items = parts.flatMap(({ request, from, to }) => request.asked.items.slice(from, to));
    const { options } = parts[0]!.request.asked;
    try {
      const { signal } = running.abort;
      const work = { action, items, options };
      const computed = await slot.thread.run(model.handle, work, signal);
      const { length } = computed.results;
      // A request that misses results would wait for them for ever.
      if (length !== items.length) {
        throw new Error(
          `${model.type} has ${length} results of ${action} for ${items.length} items`,
        );
      }
      pace.learn(piece.units, computed.ms, computed.alone);
      let at = 0;
      for (const part of parts) {
        part.request.answer(part, computed.results.slice(at, (at += part.to - part.from)));
      }
    } catch (error) {
      for (const part of parts) this.failed(part, error, parts.length > 1);
    }
    this.running.delete(running);
    release();
    this.dispatch();
  }

  /** What died with its thread, or failed beside others, is tried again by itself, once. */
  private failed(part: Piece<PooledModel>['parts'][number], error: unknown, shared: boolean): void {
    if ((isDeath(error) || shared) && !part.retried && !this.ended) this.queue.putBack(part);
    else part.request.failPart(error);
  }

  /** Opens a model whose requests wait in a thread that idles, or anywhere when no thread has it. */
  private spreadWaiting(): void {
    const homeless = this.queue.waitingModel(
      ({ model: { on, opening } }) => on.size === 0 && !opening,
    );
    if (homeless) this.copies.spread(homeless);
    for (const slot of this.threads) {
      if (!slot.isIdle) continue;
      const model = this.queue.waitingModel(
        (flow) => !flow.model.opening && !flow.model.on.has(slot) && this.hasRoom(slot, flow),
      );
      if (model) this.copies.spread(model);
    }
  }

  private startThread(): void {
    const born = performance.now();
    const onDeath = (): void => {
      this.removeSlot(slot);
      // One that cannot even start is not started over and over without a pause.
      const pause = performance.now() - born > restartPauseMs ? 0 : restartPauseMs;
      setTimeout(() => this.replace(), pause);
    };
    const { startThread } = this.options;
    const thread = startThread ? startThread(onDeath) : new PredictorThread(onDeath);
    const slot = new ThreadSlot(thread);
    this.threads.push(slot);
  }

  /** Its models are opened again, elsewhere, when a request asks for them. */
  private removeSlot(dead: ThreadSlot): void {
    this.threads.splice(this.threads.indexOf(dead), 1);
    this.copies.forget(dead);
    this.dispatch();
  }

  private replace(): void {
    if (this.ended) return;
    this.startThread();
    this.dispatch();
  }
}
