import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainyardError } from '../errors';
import type { DatasetSchema } from './dataset';

/** Where the parts of a dataset lie. Column names become file names, so they are kept plain. */
export const datasetFiles = {
  schema: (dir: string): string => join(dir, 'dataset.json'),
  values: (dir: string, column: string): string => join(dir, `${column}.utf8`),
  offsets: (dir: string, column: string): string => join(dir, `${column}.offsets`),
};

const plainName = /^[a-z][a-z0-9_]{0,63}$/;

/** Refuses column names that could not be file names; the names of a dataset are ours, not a caller's. */
export function assertColumnNames(columns: readonly string[]): void {
  const bad = columns.find((name) => !plainName.test(name) || name === 'dataset');
  if (bad !== undefined || columns.length === 0 || new Set(columns).size < columns.length) {
    throw new TrainyardError(
      'bug',
      'dataset_columns',
      `dataset columns must be distinct lower-case names, got: ${columns.join(', ') || 'none'}`,
      500,
    );
  }
}

/** The error for a dataset whose files do not fit together. */
export function damaged(what: string): TrainyardError {
  return new TrainyardError('infrastructure', 'dataset_damaged', `a dataset is damaged: ${what}`);
}

/** Reads and checks `dataset.json`. */
export function readSchema(dir: string): DatasetSchema {
  const schema = JSON.parse(readFileSync(datasetFiles.schema(dir), 'utf8')) as DatasetSchema;
  if ((schema.format as number) !== 1) {
    throw new TrainyardError(
      'infrastructure',
      'dataset_format',
      `dataset format ${schema.format} is not known here (known: 1); it was made by a newer version`,
    );
  }
  assertColumnNames(schema.columns);
  return schema;
}
