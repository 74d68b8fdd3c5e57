import { TrainyardError } from '../../errors';
import { FairTurns, type TurnTaker } from './fairTurns';
import { Pace, unitsOf } from './pace';
import type { Part, ItemRequest } from './itemRequest';

/** A thread computes about so long before it can turn to somebody else. */
export const pieceMs = 4;
/** Items of one message at most. */
export const maxPieceItems = 256;

/** What one message to a thread computes: items for one model, by whomever they were asked. */
export interface Piece<M> {
  flow: Flow<M>;
  parts: Part[];
  units: number;
  /** Milliseconds that it should take. */
  cost: number;
}

/** All that waits of one kind of work of a model. */
interface Flow<M> extends TurnTaker {
  key: string;
  model: M;
  action: string;
  pace: Pace;
  callers: FairTurns<string, Caller>;
  waiting: number;
}

interface Caller extends TurnTaker {
  name: string;
  requests: FairTurns<ItemRequest, ItemRequest>;
  waiting: number;
}

/** What the queue must know of a model. */
export interface QueuedModel {
  handle: number;
  /** By action, and whether it is long: explained classes, for instance, cost many times more. */
  paces: Map<string, Pace>;
}

export interface QueueLimits {
  /** Items that may wait. @default 200,000 */
  items?: number | undefined;
  /** Characters (UTF-16 units) of the items that may wait. @default 128 Mi */
  characters?: number | undefined;
}

/** What of the limits one caller may have. */
const callersShare = 1 / 4;

/** Whose request it is, and of what. */
export interface Asked<M> {
  model: M;
  action: string;
  /** See ActionRequest. */
  long: boolean;
  caller: string;
}

/**
 * Requests that wait for a thread. They are cut into pieces of a few milliseconds, and models, among
 * them callers, among those requests take turns: nobody waits for the whole of what another asked.
 */
export class RequestQueue<M extends QueuedModel> {
  private readonly flows = new FairTurns<string, Flow<M>>(pieceMs);
  private readonly limits: Required<{ [K in keyof QueueLimits]: number }>;
  /** Items and characters of requests that are not answered yet. */
  private readonly held = { items: 0, characters: 0 };
  private readonly heldBy = new Map<string, { items: number; characters: number }>();
  private readonly asked = new Map<ItemRequest, Asked<M>>();
  private waiting = 0;

  constructor({ items = 200_000, characters = 128 * 1024 * 1024 }: QueueLimits = {}) {
    this.limits = { items, characters };
  }

  /** Items that wait. */
  get items(): number {
    return this.waiting;
  }

  /**
   * Adds a request.
   * @throws TrainyardError `overloaded` when too much waits already, or too much of this caller
   */
  add(asked: Asked<M>, request: ItemRequest): void {
    this.hold(asked.caller, request);
    this.asked.set(request, asked);
    this.place(request);
    const leave = (): void => void this.asked.delete(request);
    request.done.then(leave, leave);
  }

  /** For a part that was lost with its thread. */
  putBack(part: Part): void {
    const { request } = part;
    if (request.waiting > 0) return request.requeue(part);
    // It may have lost its place when nothing of it waited any more.
    request.onWaiting = () => undefined;
    request.requeue(part);
    if (request.waiting > 0) this.place(request);
  }

  /** The next piece of those kinds of work that `may` be done. */
  take(may: (flow: Flow<M>) => boolean): Piece<M> | undefined {
    const flow = this.flows.next(may);
    return flow && this.cut(flow);
  }

  /** A model with requests that wait, of those that `may`. */
  waitingModel(may: (flow: Flow<M>) => boolean): M | undefined {
    for (const flow of this.flows.members()) if (flow.waiting > 0 && may(flow)) return flow.model;
    return undefined;
  }

  /** Fails every request for a model that waits. */
  fail(model: M, cause: unknown): void {
    for (const [request, asked] of this.asked) if (asked.model === model) request.fail(cause);
  }

  private place(request: ItemRequest): void {
    const { model, action, long, caller: name } = this.asked.get(request)!;
    const work = long ? `${action} (long)` : action;
    const key = `${model.handle} ${work}`;
    const flow = this.flows.enter(key, () => ({
      key,
      model,
      action,
      pace: paceOf(model, work),
      callers: new FairTurns(pieceMs),
      waiting: 0,
    }));
    const caller = flow.callers.enter(name, () => ({
      name,
      requests: new FairTurns(pieceMs),
      waiting: 0,
    }));
    caller.requests.enter(request, () => request);
    const count = (change: number): void => {
      caller.waiting += change;
      flow.waiting += change;
      this.waiting += change;
    };
    request.onWaiting = count;
    count(request.waiting);
  }

  private cut(flow: Flow<M>): Piece<M> {
    const budget = flow.pace.unitsIn(pieceMs);
    const piece: Piece<M> = { flow, parts: [], units: 0, cost: 0 };
    let items = 0;
    while (flow.waiting > 0) {
      const caller = flow.callers.next()!;
      const request = caller.requests.next()!;
      if (items > 0 && (request.nextIsRetried || !fits(request, piece))) break;
      const part = request.take((budget ?? 1) - piece.units, maxPieceItems - items);
      let units = 0;
      for (let i = part.from; i < part.to; i++) units += unitsOf(request.sizeOf(i));
      const cost = flow.pace.msOf(units) ?? pieceMs;
      caller.requests.charge(request, cost);
      flow.callers.charge(caller.name, cost);
      this.flows.charge(flow.key, cost);
      piece.parts.push(part);
      piece.units += units;
      piece.cost += cost;
      items += part.to - part.from;
      if (part.retried || piece.units >= (budget ?? 1) || items >= maxPieceItems) break;
    }
    return piece;
  }

  private hold(caller: string, request: ItemRequest): void {
    const size = { items: request.waiting, characters: 0 };
    for (let i = 0; i < size.items; i++) size.characters += request.sizeOf(i);
    const mine = this.heldBy.get(caller) ?? { items: 0, characters: 0 };
    for (const what of ['items', 'characters'] as const) {
      const limit = this.limits[what];
      const over = this.held[what] + size[what] > limit;
      // Somebody who has nothing here is let in as long as there is any room.
      if (over && (mine.items > 0 || this.held[what] >= limit)) throw overloaded();
      if (mine.items > 0 && mine[what] + size[what] > limit * callersShare) throw overloaded();
    }
    this.heldBy.set(caller, mine);
    const change = (sign: 1 | -1): void => {
      for (const what of ['items', 'characters'] as const) {
        mine[what] += sign * size[what];
        this.held[what] += sign * size[what];
      }
      if (mine.items === 0) this.heldBy.delete(caller);
    };
    change(1);
    const release = (): void => change(-1);
    request.done.then(release, release);
  }
}

/** Whether a request's items are computed with what those of a piece are computed with. */
function fits<M>(request: ItemRequest, { parts }: Piece<M>): boolean {
  return request.optionsKey === parts[0]!.request.optionsKey;
}

function paceOf({ paces }: QueuedModel, work: string): Pace {
  const known = paces.get(work) ?? new Pace();
  paces.set(work, known);
  return known;
}

function overloaded(): TrainyardError {
  return new TrainyardError(
    'limit',
    'overloaded',
    'too much is waiting to be computed: try again in a few seconds',
    503,
  );
}
