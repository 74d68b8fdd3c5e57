import { adamwStep, type AdamWOptions, type AdamWStep } from './adamw';
import { grown } from './growing';

/** The steps that a table has seen, so that a row left alone for a while can be brought up to date. */
export class StepHistory {
  /** Learning rate of each step, and the product of (1 − rate · decay) over the steps before each. */
  private rates = new Float64Array(0);
  private shrinks = Float64Array.of(1);
  private readonly numbers: AdamWStep[] = [];

  constructor(
    private readonly options: AdamWOptions,
    private readonly weightDecay: number,
  ) {}

  get steps(): number {
    return this.numbers.length;
  }

  push(rate: number): void {
    const step = this.numbers.length;
    this.numbers.push(adamwStep(step + 1, rate, this.weightDecay, this.options));
    this.rates = grown(this.rates, step + 1);
    this.shrinks = grown(this.shrinks, step + 2);
    this.rates[step] = rate;
    this.shrinks[step + 1] = this.shrinks[step]! * (1 - rate * this.weightDecay);
  }

  /** @param step counted from 0 */
  step(step: number): AdamWStep {
    return this.numbers[step]!;
  }

  /** What weight decay alone makes of 1 from before step `from` to before step `to`. */
  shrink(from: number, to: number): number {
    return this.shrinks[to]! / this.shrinks[from]!;
  }

  past(): Float64Array {
    return this.rates.subarray(0, this.steps);
  }

  restore(rates: Float64Array): void {
    this.numbers.length = 0;
    for (const rate of rates) this.push(rate);
  }
}
