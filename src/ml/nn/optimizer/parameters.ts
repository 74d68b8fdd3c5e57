/** An embedding table as it stands before training: rows × width, row-major. Training never writes it. */
export interface EmbeddingTable {
  values: Float32Array;
  width: number;
}

/** All that a model learns: its dense parameters end to end in one array, and its embedding tables. */
export interface ParameterSet {
  dense: Float32Array;
  tables: readonly EmbeddingTable[];
}

/** The gradient of some rows of a table, `rows.length` × width; a row that occurs twice counts as the sum. */
export interface RowGradients {
  rows: Int32Array;
  values: Float32Array;
}

/** One number per dense parameter, and the rows touched of each table, in the tables' order. */
export interface Gradients {
  dense: Float32Array;
  tables: readonly RowGradients[];
}

/** What reads an embedding table while it is trained. */
export interface TableReader {
  readonly rows: number;
  readonly width: number;
  /** Writes the present values of `rows`, one after another, to the front of `into`. */
  gather(rows: Int32Array, into: Float32Array): void;
}

/** The parameters as a training step or an evaluation sees them: to read, never to write. */
export interface ParameterView {
  readonly dense: Float32Array;
  readonly tables: readonly TableReader[];
}
