import { readCsv, type CsvOptions } from '../csv/csvReader';
import { listNames } from '../csv/header';
import type { ChunkSource } from '../files/fileRange';
import { TrainyardError } from '../../errors';

const columnsOf = new Map([
  ['text', ['text', 'labels']],
  ['token', ['source', 'target']],
]);

/**
 * Checks an upload before a training, as `POST /train/validate-trainable-csv` does, and gives its
 * labels in the order in which they first occur; of tags, all but `O`.
 *
 * Refuses with 415 anything but one `.csv` file; with 422 another type than `text` or `token`, a
 * header with other columns, the first malformed row, and token rows whose sides differ in length.
 */
export async function validateTrainableCsv(
  files: readonly ChunkSource[],
  type: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const columns = columnsOf.get(type);
  if (!columns) {
    throw invalid('invalid_type', `type "${type}" is invalid: allowed are text and token`);
  }
  const [file] = files;
  if (!file || files.length > 1 || !file.name.toLowerCase().endsWith('.csv')) {
    const given = files.length === 1 ? file!.name : `${files.length} files`;
    const message = `only CSV file is supported: give exactly one .csv file, got ${given}`;
    throw new TrainyardError('data', 'not_csv', message, 415);
  }
  const labels = new Set<string>();
  await readCsv(file, {
    delimiter: ',',
    columns,
    signal,
    onHeader: (names) => assertColumns(file.name, names, columns),
    onRow: type === 'token' ? tokenRow(file.name, labels) : ([, label]) => void labels.add(label!),
    onBadRow: ({ line, reason }) => {
      throw invalid('malformed_row', `line ${line} of ${file.name}: ${reason}`);
    },
  }).then(({ header }) => assertColumns(file.name, header, columns));
  labels.delete('');
  return [...labels];
}

function assertColumns(file: string, names: readonly string[], columns: readonly string[]): void {
  const given = names.map((name) => name.trim());
  if (given.length === columns.length && columns.every((column) => given.includes(column))) return;
  throw invalid(
    'invalid_columns',
    `invalid column names in ${file}: expected exactly ${columns.join(' and ')}, got ` +
      (given.length === 0 ? 'an empty file' : listNames(given)),
  );
}

function tokenRow(file: string, labels: Set<string>): CsvOptions['onRow'] {
  return ([source, target], line) => {
    const tags = tokensOf(target!);
    const tokens = tokensOf(source!).length;
    if (tokens !== tags.length) {
      throw invalid(
        'token_count',
        `line ${line()} of ${file}: number of source tokens: ${tokens} ≠ number of target ` +
          `tokens: ${tags.length}; both columns need one entry per token, separated by spaces`,
      );
    }
    for (const tag of tags) if (tag !== 'O') labels.add(tag);
  };
}

function tokensOf(cell: string): string[] {
  return cell.split(/\s+/).filter(Boolean);
}

function invalid(code: string, message: string): TrainyardError {
  return new TrainyardError('data', code, message, 422);
}
