/**
 * The one format between extract and train: a folder with `dataset.json` and, per column, UTF-8
 * bytes (`<column>.utf8`) and row starts (`<column>.offsets`, little-endian float64, rows + 1 of
 * them; float64 is exact to 2^53, so columns may pass 4 GiB).
 */
export interface DatasetSchema {
  format: 1;
  columns: string[];
  rows: number;
  /** sha256 over the row sequence: the same rows from one file or from many hash alike. */
  rowHash: string;
}

export { createDataset, type DatasetWriter } from './datasetWriter';
export { openDataset, type Dataset, type DatasetBlock } from './datasetReader';
