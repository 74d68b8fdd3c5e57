import { readCsv, type CsvOptions } from '../csv/csvReader';
import { listNames } from '../csv/header';
import type { ChunkSource } from '../files/fileRange';
import { canonicalName } from '../names';
import { TrainyardError } from '../../errors';

const columnsOf = new Map([
  ['text', ['text', 'labels']],
  ['token', ['source', 'target']],
]);

/**
 * Checks an upload before a training, as `POST /train/validate-trainable-csv` does, and gives its
 * labels in the order in which they first occur; of tags, all but `O`.
 *
 * A thread of the API reads the file, so it is bounded; trainings take larger ones and check each row anyway.
 *
 * Refuses with 415 anything but one `.csv` file; with 422 another type than `text` or `token`, a
 * header with other columns, the first malformed row, and token rows whose sides differ in length; with 413
 * what is over the limits.
 */
export async function validateTrainableCsv(
  files: readonly CsvFile[],
  type: string,
  signal?: AbortSignal,
  limits: CsvLimits = csvLimits,
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
  if (file.bytes > limits.bytes) {
    throw tooLarge(`${file.name} has ${file.bytes} bytes, and ${limits.bytes} can be checked`);
  }
  const labels = new FoundLabels(file.name, limits);
  await readCsv(file, {
    delimiter: ',',
    columns,
    signal,
    onHeader: (names) => assertColumns(file.name, names, columns),
    onRow: type === 'token' ? tokenRow(file.name, labels) : ([, label]) => labels.add(label!),
    onBadRow: ({ line, reason }) => {
      throw invalid('malformed_row', `line ${line} of ${file.name}: ${reason}`);
    },
  }).then(({ header }) => assertColumns(file.name, header, columns));
  return labels.all();
}

/** A file with its size. */
export interface CsvFile extends ChunkSource {
  bytes: number;
}

export interface CsvLimits {
  bytes: number;
  /** Different labels, and the characters of all of them. */
  labels: number;
  labelCharacters: number;
}

const csvLimits: CsvLimits = { bytes: 512 << 20, labels: 100_000, labelCharacters: 8 << 20 };

/** The different labels of a file. A column of texts in their place must not fill the memory. */
class FoundLabels {
  private readonly labels = new Set<string>();
  private characters = 0;

  constructor(
    private readonly file: string,
    private readonly limits: CsvLimits,
  ) {}

  add(cell: string): void {
    const label = canonicalName(cell);
    if (label === '' || this.labels.has(label)) return;
    this.labels.add(label);
    this.characters += label.length;
    const { labels, labelCharacters } = this.limits;
    if (this.labels.size > labels) {
      throw tooLarge(`${this.file} has more than ${labels} different labels`);
    }
    if (this.characters > labelCharacters) {
      throw tooLarge(`the labels of ${this.file} have more than ${labelCharacters} characters`);
    }
  }

  all(): string[] {
    return [...this.labels];
  }
}

function assertColumns(file: string, names: readonly string[], columns: readonly string[]): void {
  const given = names.map(canonicalName);
  if (given.length === columns.length && columns.every((column) => given.includes(column))) return;
  throw invalid(
    'invalid_columns',
    `invalid column names in ${file}: expected exactly ${columns.join(' and ')}, got ` +
      (given.length === 0 ? 'an empty file' : listNames(given)),
  );
}

function tokenRow(file: string, labels: FoundLabels): CsvOptions['onRow'] {
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

function tooLarge(what: string): TrainyardError {
  const message = `${what}: check a part of it, and that the right column holds the labels. A training takes larger files, and says itself which rows are wrong`;
  return new TrainyardError('limit', 'csv_too_large', message, 413);
}
