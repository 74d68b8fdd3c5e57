import type { TextPrediction } from '../../model-types/nlp-text/predict/predictor';
import type { TurnTaker } from './fairTurns';
import { unitsOf } from './pace';

/** Texts of a request that follow each other. */
interface Range {
  from: number;
  to: number;
  /** These were computed once and lost. */
  retried: boolean;
}

/** What one message to a thread has of a request. */
export interface Part extends Range {
  request: TextRequest;
}

/** The texts of one call. They are handed out in parts, and answered all together. */
export class TextRequest implements TurnTaker {
  /** Resolves, or rejects with the first failure, when none of its parts is being computed any more. */
  readonly done: Promise<TextPrediction[]>;
  /** Called with what is added to `waiting`. */
  onWaiting: (change: number) => void = () => undefined;

  private readonly predictions: TextPrediction[];
  /** What waits; the last is next. */
  private ranges: Range[];
  private count: number;
  private unanswered: number;
  private computing = 0;
  private failure: { cause: unknown } | undefined;
  private resolve!: (predictions: TextPrediction[]) => void;
  private reject!: (cause: unknown) => void;

  constructor(
    readonly texts: readonly string[],
    readonly topK: number,
  ) {
    this.predictions = new Array<TextPrediction>(texts.length);
    this.ranges = [{ from: 0, to: texts.length, retried: false }];
    this.count = this.unanswered = texts.length;
    this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    // Whoever asked may look at it later.
    this.done.catch(() => undefined);
  }

  /** Texts that wait. */
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

  /** Hands out the next texts: at least one, at most `texts` and about so many units. */
  take(units: number, texts: number): Part {
    const next = this.ranges.at(-1)!;
    const { from, retried } = next;
    let left = units;
    let to = from;
    do left -= unitsOf(this.texts[to++]!);
    while (to < next.to && to - from < texts && left > 0);
    next.from = to;
    if (to === next.to) this.ranges.pop();
    this.computing++;
    this.change(from - to);
    return { request: this, from, to, retried };
  }

  answer({ from }: Part, predictions: readonly TextPrediction[]): void {
    predictions.forEach(({ classes }, i) => {
      this.predictions[from + i] = { classes: classes.slice(0, this.topK) };
    });
    this.unanswered -= predictions.length;
    this.computing--;
    this.settle();
  }

  /** Takes back a part that was lost: it is next. */
  giveBack({ from, to }: Part): void {
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
    else if (this.unanswered === 0) this.resolve(this.predictions);
  }

  private change(by: number): void {
    this.count += by;
    this.onWaiting(by);
  }
}
