import type { ActionRequest } from '../../model-types/contract/servedModel';
import type { TurnTaker } from './fairTurns';
import { unitsOf } from './pace';

/** Items of a request that follow each other. */
interface Range {
  from: number;
  to: number;
  /** These were computed once and lost. */
  retried: boolean;
}

/** What one message to a thread has of a request. */
export interface Part extends Range {
  request: ItemRequest;
}

/** The items of one call. They are handed out in parts, and answered all together. */
export class ItemRequest implements TurnTaker {
  /** Resolves, or rejects with the first failure, when none of its parts is being computed any more. */
  readonly done: Promise<unknown[]>;
  /** Called with what is added to `waiting`. */
  onWaiting: (change: number) => void = () => undefined;

  /** Equal for requests whose items may be computed together. */
  readonly optionsKey: string;
  private readonly results: unknown[];
  /** What waits; the last is next. */
  private ranges: Range[];
  private count: number;
  private unanswered: number;
  private computing = 0;
  private failure: { cause: unknown } | undefined;
  private resolve!: (results: unknown[]) => void;
  private reject!: (cause: unknown) => void;

  constructor(readonly asked: Pick<ActionRequest, 'items' | 'sizeOf' | 'options'>) {
    const { length } = asked.items;
    const names = Object.keys(asked.options).sort();
    // As an object: in a list, what is undefined would equal null.
    this.optionsKey = JSON.stringify(
      Object.fromEntries(names.map((name) => [name, asked.options[name]])),
    );
    this.results = new Array<unknown>(length);
    this.ranges = [{ from: 0, to: length, retried: false }];
    this.count = this.unanswered = length;
    this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    // Whoever asked may look at it later.
    this.done.catch(() => undefined);
  }

  /** Items that wait. */
  get waiting(): number {
    return this.count;
  }

  /** Whether it failed, so that nobody needs its parts any more. */
  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** Whether the next part was lost once: such are computed by themselves. */
  get nextIsRetried(): boolean {
    return this.ranges.at(-1)?.retried ?? false;
  }

  /** Characters of an item. */
  sizeOf(item: number): number {
    return this.asked.sizeOf(this.asked.items[item]);
  }

  /** Hands out the next items: at least one, at most `items` and about so many units. */
  take(units: number, items: number): Part {
    const next = this.ranges.at(-1)!;
    const { from, retried } = next;
    let left = units;
    let to = from;
    do left -= unitsOf(this.sizeOf(to++));
    while (to < next.to && to - from < items && left > 0);
    next.from = to;
    if (to === next.to) this.ranges.pop();
    this.computing++;
    this.change(from - to);
    return { request: this, from, to, retried };
  }

  answer({ from }: Part, results: readonly unknown[]): void {
    results.forEach((result, i) => {
      this.results[from + i] = result;
    });
    this.unanswered -= results.length;
    this.computing--;
    this.settle();
  }

  /** Takes back a part that was lost: it is next. */
  requeue({ from, to }: Part): void {
    this.computing--;
    if (this.isOver) return this.settle();
    this.ranges.push({ from, to, retried: true });
    this.change(to - from);
  }

  /** For a part that cannot be computed: with it the whole fails. */
  failPart(cause: unknown): void {
    this.computing--;
    this.fail(cause);
  }

  /** Drops what waits. */
  fail(cause: unknown): void {
    this.failure ??= { cause };
    this.ranges = [];
    this.change(-this.count);
    this.settle();
  }

  private settle(): void {
    if (this.computing > 0) return;
    if (this.failure) this.reject(this.failure.cause);
    else if (this.unanswered === 0) this.resolve(this.results);
  }

  private change(by: number): void {
    this.count += by;
    this.onWaiting(by);
  }
}
