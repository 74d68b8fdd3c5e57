/** Options of a training of this kind, as stored with the run. */
export interface MeanLengthOptions {
  text_column: string;
  label_column: string;
  /** Milliseconds that the training takes, in ten steps with a checkpoint after each. */
  train_ms: number;
}
