import { Pace } from './pace';
import { maxPieceItems, pieceMs, RequestQueue, type Piece, type QueueLimits } from './requestQueue';
import { ItemRequest } from './itemRequest';

const anything = (): boolean => true;

interface Model {
  handle: number;
  paces: Map<string, Pace>;
}

/** A model of which an item without characters takes so many milliseconds, and ten times as many in long work. */
function model(handle: number, msPerItem?: number): Model {
  const paces = new Map<string, Pace>();
  if (msPerItem === undefined) return { handle, paces };
  for (const [work, times] of [
    ['predict', 1],
    ['predict (long)', 10],
  ] as const) {
    const pace = new Pace();
    pace.learn(40, msPerItem * times, true);
    paces.set(work, pace);
  }
  return { handle, paces };
}
const sizes = ({ parts }: Piece<Model>): number[] => parts.map(({ from, to }) => to - from);

describe('RequestQueue', () => {
  let queue: RequestQueue<Model>;
  const open = (limits?: QueueLimits): void => void (queue = new RequestQueue<Model>(limits));
  beforeEach(() => open());

  function add(of: Model, caller: string, count: number, long = false, options = {}): ItemRequest {
    const items = Array.from({ length: count }, () => '');
    const request = new ItemRequest({ items, sizeOf: () => 0, options });
    queue.add({ model: of, action: 'predict', long, caller }, request);
    return request;
  }

  it('cuts a request into pieces of a few milliseconds', () => {
    const fast = model(1, pieceMs / 10);
    add(fast, 'ann', 25);
    const taken = [1, 2, 3].map(() => sizes(queue.take(anything)!));
    expect(taken).toEqual([[10], [10], [5]]);
    expect(queue.take(anything)).toBeUndefined();
    expect(queue.items).toBe(0);
  });

  it('cuts what costs more into smaller pieces, and never below one item', () => {
    const slow = model(1, pieceMs / 4);
    add(slow, 'ann', 100);
    add(slow, 'ann', 100, true);
    const pieces = [queue.take(anything)!, queue.take(anything)!];
    const byWork = new Map(pieces.map((piece) => [piece.flow.key, sizes(piece)]));
    expect(byWork.get('1 predict')).toEqual([4]);
    expect(byWork.get('1 predict (long)')).toEqual([1]);
  });

  it('tries a model of which nothing is known with one item', () => {
    add(model(1), 'ann', 100);
    expect(sizes(queue.take(anything)!)).toEqual([1]);
  });

  it('sends no more than a message holds', () => {
    add(model(1, pieceMs / 1e6), 'ann', 10_000);
    expect(sizes(queue.take(anything)!)).toEqual([maxPieceItems]);
  });

  it('puts what callers ask one model into one piece', () => {
    const fast = model(1, pieceMs / 100);
    const [a, b] = [add(fast, 'ann', 1), add(fast, 'ben', 2)];
    const { parts } = queue.take(anything)!;
    expect(parts.map(({ request }) => request).sort()).toEqual([a, b].sort());
  });

  it('puts what is computed with other options into another piece, whose callers share one turn', () => {
    const fast = model(1, pieceMs / 100);
    const wanted = [{ topK: 1 }, { topK: 7 }, { topK: 1 }].map((options, i) =>
      add(fast, `caller ${i}`, 1, false, options),
    );
    const pieces = [1, 2, 3].map(() => queue.take(anything)?.parts ?? []);
    expect(pieces.flat().map(({ request }) => request)).toEqual(expect.arrayContaining(wanted));
    for (const parts of pieces) {
      expect(new Set(parts.map(({ request }) => request.optionsKey)).size).toBeLessThanOrEqual(1);
    }
  });

  it('gives a single text the next turn although another caller and another model have thousands', () => {
    const [busy, quiet] = [model(1, pieceMs), model(2, pieceMs)];
    for (const caller of ['ann', 'ben', 'cem']) add(busy, caller, 10_000);
    for (let i = 0; i < 10; i++) queue.take(anything);
    const other = add(quiet, 'dan', 1);
    expect(queue.take(anything)!.parts[0]!.request).toBe(other);
    const same = add(busy, 'dan', 1);
    expect(queue.take(anything)!.parts[0]!.request).toBe(same);
    const own = add(busy, 'ann', 1);
    const next = [1, 2, 3].map(() => queue.take(anything)!.parts[0]!.request);
    expect(next).toContain(own);
  });

  it('shares between models by time, not by items', () => {
    const [fast, slow] = [model(1, pieceMs / 100), model(2, pieceMs)];
    add(fast, 'ann', 40_000);
    add(slow, 'ben', 40_000);
    const pieces = Array.from({ length: 100 }, () => queue.take(anything)!.flow.model);
    expect(pieces.filter((each) => each === fast).length).toBeGreaterThanOrEqual(48);
    expect(pieces.filter((each) => each === slow).length).toBeGreaterThanOrEqual(48);
  });

  it('gives nothing of a kind of work that may not be done', () => {
    add(model(1, 1), 'ann', 1);
    expect(queue.take(() => false)).toBeUndefined();
    expect(queue.items).toBe(1);
  });

  it('answers all items of a request in their order', async () => {
    const request = add(model(1, pieceMs / 2), 'ann', 5);
    const pieces = [1, 2, 3].map(() => queue.take(anything)!);
    for (const { parts } of pieces.reverse()) {
      for (const part of parts) {
        const results = Array.from({ length: part.to - part.from }, (_, i) => part.from + i);
        part.request.answer(part, results);
      }
    }
    expect(await request.done).toEqual([0, 1, 2, 3, 4]);
  });

  it('drops what waits of a request that fails, and rejects once nothing of it is computed', async () => {
    const request = add(model(1, pieceMs), 'ann', 100);
    const [part] = queue.take(anything)!.parts;
    request.fail(new Error('gone'));
    expect(queue.items).toBe(0);
    expect(queue.take(anything)).toBeUndefined();
    let settled = false;
    const settling = request.done.catch((error: unknown) => {
      settled = true;
      return error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    request.failPart(part);
    expect(await settling).toEqual(new Error('gone'));
  });

  it('computes what was lost again, next and by itself', () => {
    const fast = model(1, pieceMs / 10);
    const lost = add(fast, 'ann', 3);
    add(fast, 'ben', 100);
    const first = queue.take(anything)!;
    for (const part of first.parts) queue.putBack(part);
    expect(queue.items).toBe(103);
    const pieces = [1, 2].map(() => queue.take(anything)!.parts);
    expect(pieces.map((parts) => parts.length)).toEqual([1, 1]);
    expect(pieces.flat().find(({ request }) => request === lost)).toMatchObject({
      from: 0,
      to: 3,
      retried: true,
    });
  });

  it('refuses what is too much, first of those who have a part of it already', async () => {
    open({ items: 100 });
    const slow = model(1, pieceMs);
    const mine = add(slow, 'ann', 20);
    expect(() => add(slow, 'ann', 6)).toThrow('too much is waiting');
    add(slow, 'ann', 5);
    add(slow, 'ben', 70);
    expect(() => add(slow, 'ben', 1)).toThrow('too much is waiting');
    add(slow, 'cem', 10);
    expect(() => add(slow, 'dan', 1)).toThrow('too much is waiting');
    mine.fail(new Error('gone'));
    await mine.done.catch(() => undefined);
    add(slow, 'dan', 1);
  });

  it('dispatches as quickly with twenty thousand requests as the work itself needs', () => {
    open({ items: 1_000_000 });
    const slow = model(1, pieceMs);
    for (let i = 0; i < 20_000; i++) add(slow, `caller ${i}`, 1);
    let taken = 0;
    while (queue.take(anything)) taken++;
    expect(taken).toBe(20_000);
  });
});
