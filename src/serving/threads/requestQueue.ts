import { TrainyardError } from '../../errors';
import { FairTurns, type TurnTaker } from './fairTurns';
import { unitsOf, type Pace } from './pace';
import type { Part, TextRequest } from './textRequest';

/** A thread computes about so long before it can turn to somebody else. */
export const pieceMs = 4;
/** Texts of one message at most. */
export const maxPieceTexts = 256;

/** What one message to a thread computes: texts of one model, by whomever they were asked. */
export interface Piece<M> {
  flow: Flow<M>;
  parts: Part[];
  units: number;
  /** Milliseconds that it should take. */
  cost: number;
}

/** All that waits of one kind of work of a model: of plain or of explained predictions. */
interface Flow<M> extends TurnTaker {
  key: string;
  model: M;
  explain: boolean;
  pace: Pace;
  callers: FairTurns<string, Caller>;
  waiting: number;
}

interface Caller extends TurnTaker {
  name: string;
  requests: FairTurns<TextRequest, TextRequest>;
  waiting: number;
}

/** What the queue must know of a model. */
export interface QueuedModel {
  handle: number;
  /** By whether classes are explained, which costs many times more. */
  paces: { plain: Pace; explain: Pace };
}

export interface QueueLimits {
  /** Texts that may wait. @default 200,000 */
  texts?: number | undefined;
  /** UTF-16 units of the texts that may wait. @default 128 Mi */
  characters?: number | undefined;
}

/** What of the limits one caller may have. */
const callersShare = 1 / 4;

/** Whose request it is, and of what. */
export interface Asked<M> {
  model: M;
  explain: boolean;
  caller: string;
}

/**
 * Requests that wait for a thread. They are cut into pieces of a few milliseconds, and models, among
 * them callers, among those requests take turns: nobody waits for the whole of what another asked.
 */
export class RequestQueue<M extends QueuedModel> {
  private readonly flows = new FairTurns<string, Flow<M>>(pieceMs);
  private readonly limits: Required<{ [K in keyof QueueLimits]: number }>;
  /** Texts and characters of requests that are not answered yet. */
  private readonly held = { texts: 0, characters: 0 };
  private readonly heldBy = new Map<string, { texts: number; characters: number }>();
  private readonly asked = new Map<TextRequest, Asked<M>>();
  private waiting = 0;

  constructor({ texts = 200_000, characters = 128 * 1024 * 1024 }: QueueLimits = {}) {
    this.limits = { texts, characters };
  }

  /** Texts that wait. */
  get texts(): number {
    return this.waiting;
  }

  /**
   * Adds a request.
   * @throws TrainyardError `overloaded` when too much waits already, or too much of this caller
   */
  add(asked: Asked<M>, request: TextRequest): void {
    this.hold(asked.caller, request);
    this.asked.set(request, asked);
    this.place(request);
    const leave = (): void => void this.asked.delete(request);
    request.done.then(leave, leave);
  }

  /** For a part that was lost with its thread. */
  putBack(part: Part): void {
    const { request } = part;
    if (request.waiting > 0) return request.giveBack(part);
    // It may have lost its place when nothing of it waited any more.
    request.onWaiting = () => undefined;
    request.giveBack(part);
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

  private place(request: TextRequest): void {
    const { model, explain, caller: name } = this.asked.get(request)!;
    const key = `${model.handle} ${explain ? 'explain' : 'plain'}`;
    const flow = this.flows.enter(key, () => ({
      key,
      model,
      explain,
      pace: explain ? model.paces.explain : model.paces.plain,
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
    let texts = 0;
    while (flow.waiting > 0) {
      const caller = flow.callers.next()!;
      const request = caller.requests.next()!;
      if (request.nextIsRetried && texts > 0) break;
      const part = request.take((budget ?? 1) - piece.units, maxPieceTexts - texts);
      let units = 0;
      for (let i = part.from; i < part.to; i++) units += unitsOf(request.texts[i]!);
      const cost = flow.pace.msOf(units) ?? pieceMs;
      caller.requests.charge(request, cost);
      flow.callers.charge(caller.name, cost);
      this.flows.charge(flow.key, cost);
      piece.parts.push(part);
      piece.units += units;
      piece.cost += cost;
      texts += part.to - part.from;
      if (part.retried || piece.units >= (budget ?? 1) || texts >= maxPieceTexts) break;
    }
    return piece;
  }

  private hold(caller: string, request: TextRequest): void {
    const size = { texts: request.texts.length, characters: 0 };
    for (const text of request.texts) size.characters += text.length;
    const mine = this.heldBy.get(caller) ?? { texts: 0, characters: 0 };
    for (const what of ['texts', 'characters'] as const) {
      const limit = this.limits[what];
      const over = this.held[what] + size[what] > limit;
      // Somebody who has nothing here is let in as long as there is any room.
      if (over && (mine.texts > 0 || this.held[what] >= limit)) throw overloaded();
      if (mine.texts > 0 && mine[what] + size[what] > limit * callersShare) throw overloaded();
    }
    this.heldBy.set(caller, mine);
    const change = (sign: 1 | -1): void => {
      for (const what of ['texts', 'characters'] as const) {
        mine[what] += sign * size[what];
        this.held[what] += sign * size[what];
      }
      if (mine.texts === 0) this.heldBy.delete(caller);
    };
    change(1);
    const release = (): void => change(-1);
    request.done.then(release, release);
  }
}

function overloaded(): TrainyardError {
  return new TrainyardError(
    'limit',
    'overloaded',
    'too many texts are waiting to be classified: try again in a few seconds',
    503,
  );
}
