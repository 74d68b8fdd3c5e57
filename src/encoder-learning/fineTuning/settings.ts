import type { EncoderConfig } from '../../ml/transformers/encoderConfig';

/** What does not depend on encoder or data. */
export const fixedSettings = {
  /** Part of all steps in which the learning rate rises; then it falls in a straight line. */
  warmup: 0.1,
  weightDecay: 0.01,
  clipNorm: 1,
  dropout: 0.1,
  /** Ends after so many epochs without a better validation score. */
  patience: 3,
} as const;

/**
 * Part of the rows to learn from that choose the epoch, the calibration and, for many labels a text, the
 * thresholds: a tenth, but no more rows than these choices need. A threshold for each label needs more.
 */
export function validationShare(head: 'softmax' | 'sigmoid', rows: number): number {
  return Math.min(0.1, (head === 'softmax' ? 500 : 2000) / Math.max(1, rows));
}

export interface FineTuningSettings {
  epochs: number;
  batchRows: number;
  rate: number;
}

/** What a request may say; null: chosen here. */
export interface ChosenSettings {
  epochs: number | null;
  batch_size: number | null;
  learning_rate: number | null;
}

/** Steps that small data gets by more epochs. */
const wantedSteps = 600;

/**
 * What the options leave open. The rate falls with the square of the encoder's width: 2e-4 for 384, which
 * suits MiniLM on banking77, and 5e-5 for 768, as usual for BERT.
 *
 * @param windows to learn from
 */
export function fineTuningSettings(
  { epochs, batch_size, learning_rate }: ChosenSettings,
  { hidden }: EncoderConfig,
  windows: number,
): FineTuningSettings {
  const batchRows = Math.max(1, Math.min(batch_size ?? 32, windows));
  const steps = Math.max(1, Math.ceil(windows / batchRows));
  return {
    epochs: epochs ?? Math.min(20, Math.max(4, Math.ceil(wantedSteps / steps))),
    batchRows,
    rate: learning_rate ?? Math.min(1e-3, 2e-4 * (384 / hidden) ** 2),
  };
}
