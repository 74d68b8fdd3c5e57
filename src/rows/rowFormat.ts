import type { ReadRows } from './rowReader';

/** A column that is read: in JSON Lines, a key. */
export interface RowColumn {
  name: string;
  /** What its values are, as people read it: `a text`. */
  what: string;
  /** Whether a value in JSON Lines may be a list of texts. */
  list: boolean;
}

/** How files of rows are written, and which of their columns are read. */
export interface RowFormat {
  /** Whose rows they are, for messages. */
  modelType: string;
  columns: readonly RowColumn[];
  /** What reads files whose names end so, in lower case. */
  readers: Readonly<Record<string, ReadRows>>;
  /** Field separator of CSV files. null: by the name of the file, or what a line `sep=` names. */
  delimiter: string | null;
  /** Opens and closes a CSV cell; "" for none. null: `"`. */
  quote: string | null;
  /** Stands before a quote inside quotes. null: found out. */
  escape: string | null;
  /** Of files that are not UTF-8. null: guessed, one for all files. */
  charset: string | null;
  /** What to do with files of other formats, for the message that refuses them. */
  otherFiles: string;
}

/** The value of a column; a list only where the column allows one. */
export type Cell = string | readonly string[];

/** Takes one row, its cells in the order of the columns; `line` says where it stands. */
export type TakeRow = (cells: readonly Cell[], line: () => number) => void;
