import type { EncoderChoice } from '../../encoder-learning/encoderChoice';

/** Options of text and document classification after validation, as stored with the run. */
export interface NlpTextOptions {
  /** True: each file is one document and its folder is the class. */
  doc_classification: boolean;
  text_column: string;
  label_column: string;
  /** The most labels the model may ever know; null means as many as the data has. */
  n_target_classes: number | null;
  /** Field separator of CSV files. null: a tab for .tsv, a comma for .csv, or what a line `sep=` names. */
  delimiter: string | null;
  /** Opens and closes a CSV cell; "" for none. null: `"`. */
  quote: string | null;
  /** Stands before a quote inside quotes. null: the quote itself, or a backslash where only that is right. */
  escape: string | null;
  /** Of files that are not UTF-8. null: guessed, one for all files. */
  charset: string | null;
  /** Separates several labels in one cell: gives a sigmoid head. null: one label a row, softmax. */
  label_delimiter: string | null;
  /** null: the trainer chooses. */
  epochs: number | null;
  /** Share of train rows put aside as the test set, 0 < x < 1; null: see holdout. */
  test_split: number | null;
  /** Without test files or test_split: share measured on before the refit on all rows. 0: none. @default 0.1 */
  holdout: number;
  /** @default 42 */
  seed: number;
  /** null: `fast`, a linear model on n-grams. Runs from before there were encoders have no such key. */
  encoder: EncoderChoice | null;
  /** The highest learning rate of full fine-tuning. null: the trainer chooses. */
  learning_rate: number | null;
  /** Rows of one optimizer step of full fine-tuning. null: the trainer chooses. */
  batch_size: number | null;
  /** Bad rows or files skipped before the run fails. @default 1 % of the rows, at least 10 */
  max_bad_rows: number | null;
}

/** What a request that says nothing gets; the columns as the CSV validator names them. */
export const defaultOptions: NlpTextOptions = {
  doc_classification: false,
  text_column: 'text',
  label_column: 'labels',
  n_target_classes: null,
  delimiter: null,
  quote: null,
  escape: null,
  charset: null,
  label_delimiter: null,
  epochs: null,
  test_split: null,
  holdout: 0.1,
  seed: 42,
  encoder: null,
  learning_rate: null,
  batch_size: null,
  max_bad_rows: null,
};
