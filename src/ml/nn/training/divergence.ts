/** Thrown when training has run into numbers that are not numbers; going on would only lose time. */
export class TrainingDivergedError extends Error {
  override readonly name = 'TrainingDivergedError';

  /**
   * @param what was not finite, as "the loss"
   * @param value NaN or ±Infinity
   * @param step counted from 1
   * @param rate learning rate of that step
   */
  constructor(
    readonly what: string,
    readonly value: number,
    readonly step: number,
    readonly rate: number,
  ) {
    super(
      `In step ${step}, at learning rate ${Number(rate.toPrecision(3))}, ${what} became ${value}. ` +
        `Try a learning rate of ${Number((rate / 10).toPrecision(1))} or less, a longer warm-up, or ` +
        `clipping gradients at norm 1; if it happens in the first steps at any rate, look for ` +
        `values that are not finite in the data or the starting weights.`,
    );
  }
}
