import { randomAt, streamKey } from '../random/counterRandom';
import { confidenceLevel, type Interval, wilsonInterval } from './interval';

/** What was decided about the labels of one row, by label number. */
export interface Decisions {
  hits: readonly number[];
  falseAlarms: readonly number[];
  misses: readonly number[];
}

/** Intervals of both averages of F1; null where nothing was measured. */
export interface F1Intervals {
  macro: Interval | null;
  micro: Interval | null;
  /** How many resamples they are from. */
  resamples: number;
}

const mostResamples = 1000;
const fewestResamples = 100;
const memoryBytes = 48 << 20;
/** Random numbers drawn for all rows together: a few seconds' worth. */
const mostDraws = 2e8;
const bytesPerCount = 12;

/**
 * The percentile bootstrap (Efron 1979) of macro and micro F1. Each resample counts each row as often as
 * a Poisson distribution of mean 1 says (Hanley and MacGibbon 2006, "Creating non-parametric bootstrap
 * samples using Poisson frequencies"), so that rows can come one after another and none is kept. Random
 * numbers are a function of seed, resample and row: the order of the rows changes nothing.
 */
export class F1Bootstrap {
  readonly resamples: number;
  private readonly weights: Uint8Array;
  private readonly keys: Uint32Array;
  /** By label that came up: true positives, false positives and false negatives of each resample. */
  private readonly counts: (Uint32Array | undefined)[] = [];
  /** Rows that have each label, and whether some decision was right, or wrong. */
  private readonly support: number[] = [];
  private decisions = 0;
  private mistakes = 0;

  /** @param rows the most that will be added. With over 40,000 labels there is no interval. */
  constructor(labels: number, rows: number, seed: number) {
    const affordable = Math.min(
      mostResamples,
      Math.floor(memoryBytes / bytesPerCount / Math.max(1, labels)),
    );
    const wanted = Math.max(fewestResamples, Math.min(mostResamples, Math.floor(mostDraws / rows)));
    this.resamples = affordable < fewestResamples ? 0 : Math.min(affordable, wanted);
    this.weights = new Uint8Array(this.resamples);
    this.keys = Uint32Array.from({ length: this.resamples }, (_, i) => streamKey(seed, 0xb007, i));
  }

  /** @param row its number, which decides how often each resample counts it */
  add(row: number, { hits, falseAlarms, misses }: Decisions): void {
    this.decisions += hits.length + falseAlarms.length + misses.length;
    this.mistakes += falseAlarms.length + misses.length;
    for (const label of hits) this.support[label] = (this.support[label] ?? 0) + 1;
    for (const label of misses) this.support[label] = (this.support[label] ?? 0) + 1;
    for (let i = 0; i < this.resamples; i++)
      this.weights[i] = poisson(randomAt(this.keys[i]!, row));
    for (const label of hits) this.count(label, 0);
    for (const label of falseAlarms) this.count(label, 1);
    for (const label of misses) this.count(label, 2);
  }

  result(): F1Intervals {
    const { resamples } = this;
    if (resamples === 0 || this.decisions === 0) return { macro: null, micro: null, resamples };
    const [macro, micro]: [number[], number[]] = [[], []];
    for (let i = 0; i < resamples; i++) {
      const averages = this.averages(i);
      if (!averages) continue;
      macro.push(averages.macro);
      micro.push(averages.micro);
    }
    return {
      macro: this.widened(percentiles(macro), this.evenRows()),
      micro: this.widened(percentiles(micro), this.allRows()),
      resamples,
    };
  }

  private count(label: number, kind: 0 | 1 | 2): void {
    const { resamples, weights } = this;
    const counts = (this.counts[label] ??= new Uint32Array(3 * resamples));
    for (let i = 0; i < resamples; i++) counts[kind * resamples + i]! += weights[i]!;
  }

  private averages(resample: number): { macro: number; micro: number } | undefined {
    const { resamples } = this;
    let [sum, occurring, right, wrong] = [0, 0, 0, 0];
    for (const counts of this.counts) {
      if (!counts) continue;
      const tp = counts[resample]!;
      const errors = counts[resamples + resample]! + counts[2 * resamples + resample]!;
      if (tp + errors === 0) continue;
      occurring++;
      sum += (2 * tp) / (2 * tp + errors);
      right += tp;
      wrong += errors;
    }
    if (occurring === 0) return undefined;
    return { macro: sum / occurring, micro: (2 * right) / (2 * right + wrong) };
  }

  /**
   * Where all is right (or all wrong), so is every resample, and the bootstrap would claim certainty for
   * five rows. Wilson's interval of that many rows stands in then.
   */
  private widened(interval: Interval | null, rows: number): Interval | null {
    if (!interval || rows === 0) return interval;
    if (this.mistakes === 0) return wilsonInterval(1, rows);
    return this.mistakes === this.decisions ? wilsonInterval(0, rows) : interval;
  }

  private allRows(): number {
    return this.support.reduce((sum, rows) => sum + rows, 0);
  }

  /** As many evenly spread rows as a mean over labels is worth: labels² / Σ 1/rows. */
  private evenRows(): number {
    const occurring = this.support.filter((rows) => rows > 0);
    const inverse = occurring.reduce((sum, rows) => sum + 1 / rows, 0);
    return inverse === 0 ? 0 : occurring.length ** 2 / inverse;
  }
}

function percentiles(values: number[]): Interval | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const tail = Math.floor(((1 - confidenceLevel) / 2) * sorted.length);
  return { low: sorted[tail]!, high: sorted[sorted.length - 1 - tail]! };
}

/** Below which 32-bit number a Poisson variable of mean 1 is at most 0, 1, 2, …. */
const poissonBounds = cumulativePoisson();

function cumulativePoisson(): number[] {
  let [term, sum] = [Math.exp(-1), 0];
  return Array.from({ length: 12 }, (_, i) => {
    sum += term;
    term /= i + 1;
    return sum * 4294967296;
  });
}

function poisson(random: number): number {
  let value = 0;
  while (value < poissonBounds.length && random >= poissonBounds[value]!) value++;
  return value;
}
