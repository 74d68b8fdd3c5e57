import type { StageContext } from '../stage/stageContext';
import type { Charset } from '../data/charset/charset';
import { chooseCharsets } from '../data/charset/chooseCharsets';
import type { RowNote } from '../data/csv/csvReader';
import { unaccounted } from '../data/csv/problems';
import type { RowCounts } from '../data/csv/rowSorter';
import { canonicalName } from '../data/names';
import { chunkSource } from '../data/files/fileRange';
import { TrainyardError } from '../errors';
import type { LocatedFile } from './locateFiles';
import { readCsvRows } from './csvRows';
import { readJsonlRows } from './jsonlRows';
import type { RowTally, FileTally, Others } from './rowTally';
import type { RowFormat, TakeRow } from './rowFormat';
import type { ReadRows } from './rowReader';

/** CSV and JSON Lines: values under the names of the columns. */
export const columnReaders: RowFormat['readers'] = {
  '.csv': readCsvRows,
  '.tsv': readCsvRows,
  '.jsonl': readJsonlRows,
};

/**
 * Rows of files, by the readers of their format.
 * @param takerOf takes the rows of one file
 */
export async function readRows(
  files: readonly LocatedFile[],
  format: RowFormat,
  tally: RowTally,
  context: StageContext,
  takerOf: (file: LocatedFile, counts: FileTally) => TakeRow,
): Promise<void> {
  const readerOf = new Map(files.map((file) => [file, findReader(file.name, format)]));
  const charsets = await chooseCharsets(files.map(chunkSource), {
    given: format.charset,
    names: format.columns.map(({ name }) => name),
    signal: context.signal,
  });
  // Before the rows, which may fail since a charset was guessed wrong.
  for (const [i, { name }] of files.entries()) warnOfCharset(name, charsets[i]!, tally, format);
  const headers: { file: string; names: string }[] = [];
  for (const [i, file] of files.entries()) {
    const counts = tally.startFile(file);
    const charset = charsets[i]!;
    counts.charset = charset.name;
    const found = await readerOf.get(file)!(file, charset, format, {
      take: countingReplaced(takerOf(file, counts), counts, tally),
      bad: (line, reason) => tally.bad(counts, line, reason),
      note: ({ line, code, message }) =>
        tally.warn(code, `${file.name}, line ${line}: ${message}`, otherNotes[code]),
      onProgress: (bytes) =>
        context.progress({
          done: tally.rows,
          unit: 'rows',
          detail: `${file.name}: ${mebibytes(bytes)} of ${mebibytes(file.bytes)} MiB`,
        }),
      signal: context.signal,
    });
    account(counts, found.counts);
    const hasHeader = (found.header?.length ?? 0) > 0;
    if (counts.rows + counts.badRows === 0) {
      const what = hasHeader ? 'has a header and no rows' : 'is empty';
      tally.warn('empty_file', `${file.name} ${what}`, {
        one: 'more file is empty',
        many: 'more files are empty',
      });
    }
    if (hasHeader) warnOfOtherColumns(file.name, found.header!, headers, tally, format);
  }
}

const otherNotes: Record<RowNote['code'], Others> = {
  not_a_row: { one: 'more line that is no row', many: 'more kinds of lines that are no rows' },
  literal_quote: {
    one: 'more quote was read as a character',
    many: 'more quotes were read as characters',
  },
  long_cell: {
    one: 'more cell holds lines that could be rows',
    many: 'more cells hold lines that could be rows',
  },
  backslash_quotes: {
    one: 'more file has a backslash before quotes',
    many: 'more files have a backslash before quotes',
  },
};

/** Notes what became of the lines of a file. Each row that was read must have been taken or be a bad one. */
function account(file: FileTally, { lines, good, bad, blank, other }: RowCounts): void {
  file.lines = lines;
  file.blankRows = blank;
  file.otherRows = other;
  const found = file.rows + file.badRows;
  if (found !== good + bad) throw unaccounted(file.name, found, good + bad);
}

/** Takes rows, counts those that hold U+FFFD, and names the first of a file. */
function countingReplaced(take: TakeRow, file: FileTally, tally: RowTally): TakeRow {
  return (cells, line) => {
    const before = file.rows;
    take(cells, line);
    if (file.rows === before || !cells.flat().some((cell) => cell.includes('\ufffd'))) return;
    file.replacedRows++;
    const where = `${file.name}, line ${line()} holds U+FFFD (\ufffd), which stands for a character that was lost`;
    tally.warn('replacement_character', `${where}; the row was kept`, {
      one: 'more row holds U+FFFD',
      many: 'more rows hold U+FFFD',
    });
  };
}

function findReader(name: string, { modelType, otherFiles, readers }: RowFormat): ReadRows {
  const reader = readers[/\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? ''];
  if (reader) return reader;
  throw new TrainyardError(
    'data',
    'unsupported_file_type',
    `${name} cannot be read: ${modelType} trains on files that end in .csv (of any delimiter, see the ` +
      `option delimiter) or .jsonl (a JSON object a line)${otherFiles}`,
  );
}

function warnOfCharset(
  file: string,
  { name, damaged }: Charset,
  tally: RowTally,
  { charset }: RowFormat,
): void {
  if (name !== 'utf-8' && name !== charset) {
    const message = `${file} is not UTF-8; it was read as ${name}. If letters look wrong, set the option charset, or save it as UTF-8.`;
    tally.warn('charset', message, {
      one: 'more file is not UTF-8',
      many: 'more files are not UTF-8',
    });
  } else if (damaged) {
    const message = `${file} is UTF-8 with some bytes that are not; rows that hold them were skipped`;
    tally.warn('charset', message, {
      one: 'more file has bytes that are not UTF-8',
      many: 'more files have bytes that are not UTF-8',
    });
  }
}

function warnOfOtherColumns(
  file: string,
  header: readonly string[],
  seen: { file: string; names: string }[],
  tally: RowTally,
  { columns }: RowFormat,
): void {
  const names = JSON.stringify(header.map(canonicalName).sort());
  const first = (seen[0] ??= { file, names });
  if (first.names === names) return;
  const read = columns.map(({ name }) => `"${name}"`).join(' and ');
  tally.warn(
    'columns_differ',
    `${file} has other columns than ${first.file}; only ${read} are read`,
    {
      one: 'more file has other columns',
      many: 'more files have other columns',
    },
  );
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}
