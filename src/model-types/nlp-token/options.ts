import type { EncoderChoice } from '../../encoder-learning/encoderChoice';
import type { TokenUnit } from '../../tagging/tokens';

/** Options of token classification after validation, as stored with the run. */
export interface NlpTokenOptions {
  /** The tags to find, each once; those that have a rule are found by it, the others are learned. */
  target_labels: string[];
  /** Column of the tokens, between white space. */
  source_column: string;
  /** Column of their tags, between white space. */
  target_column: string;
  /** Marks tokens outside of all spans. @default O */
  default_tag: string;
  /** What gets a tag. null: `words` when the training data has spans by characters, else `whitespace`. */
  tokens: TokenUnit | null;
  /** Field separator of CSV files. null: a tab for .tsv, a comma for .csv, or what a line `sep=` names. */
  delimiter: string | null;
  /** Opens and closes a CSV cell; "" for none. null: `"`. */
  quote: string | null;
  /** Stands before a quote inside quotes. null: the quote itself, or a backslash where only that is right. */
  escape: string | null;
  /** Of files that are not UTF-8. null: guessed, one for all files. */
  charset: string | null;
  /** Passes over the sentences. null: the trainer chooses. */
  epochs: number | null;
  /** Share of train rows put aside as the test set, 0 < x < 1; null: see holdout. */
  test_split: number | null;
  /** Without test files or test_split: share measured on before the refit on all rows. 0: none. @default 0.1 */
  holdout: number;
  /** @default 42 */
  seed: number;
  /** null: a conditional random field on features of words. */
  encoder: EncoderChoice | null;
  /** The highest learning rate of full fine-tuning. null: the trainer chooses. */
  learning_rate: number | null;
  /** Rows of one optimizer step of full fine-tuning. null: the trainer chooses. */
  batch_size: number | null;
  /** Bad rows skipped before the run fails. @default 1 % of the rows, at least 10 */
  max_bad_rows: number | null;
}

/** What a request that says nothing gets. */
export const defaultOptions: NlpTokenOptions = {
  target_labels: [],
  source_column: 'source',
  target_column: 'target',
  default_tag: 'O',
  tokens: null,
  delimiter: null,
  quote: null,
  escape: null,
  charset: null,
  epochs: null,
  test_split: null,
  holdout: 0.1,
  seed: 42,
  encoder: null,
  learning_rate: null,
  batch_size: null,
  max_bad_rows: null,
};
