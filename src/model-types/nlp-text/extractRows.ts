import type { StageContext } from '../../allocation/stageContext';
import type { Charset } from '../../data/charset/detect';
import { canonicalName } from '../../data/names';
import type { FileRange } from '../../data/files/fileRange';
import { TrainyardError } from '../../errors';
import type { ExtractTarget, LocatedFile } from './extract';
import { readCsvRows } from './extractCsv';
import { readJsonlRows } from './extractJsonl';
import type { ExtractTally } from './extractTally';
import type { NlpTextOptions } from './options';
import { rowTaker, type TakeRow } from './rowTaker';

/** What the reader of a format does with what it finds. */
export interface RowSink {
  take: TakeRow;
  bad: (line: number, reason: string) => void;
  /** Bytes of the file read so far. */
  onProgress: (bytes: number) => void;
  signal: AbortSignal;
}

/** Reads one file; gives its columns where the format has a header, none where that is missing. */
export type ReadRows = (
  file: FileRange,
  options: NlpTextOptions,
  sink: RowSink,
) => Promise<{ charset: Charset; header?: readonly string[] }>;

const readers: Record<string, ReadRows> = { '.csv': readCsvRows, '.jsonl': readJsonlRows };

/** Rows of CSV and JSON Lines files. */
export async function extractRows(
  files: readonly LocatedFile[],
  target: ExtractTarget,
  tally: ExtractTally,
  context: StageContext,
  options: NlpTextOptions,
): Promise<void> {
  const readerOf = new Map(files.map((file) => [file, findReader(file.name)]));
  const headers: { file: string; names: string }[] = [];
  for (const [file, read] of readerOf) {
    const fileTally = tally.startFile(file);
    const { charset, header } = await read(file, options, {
      take: rowTaker(target[file.part]!, tally, fileTally),
      bad: (line, reason) => tally.bad(fileTally, line, reason),
      onProgress: (bytes) =>
        context.progress({
          done: tally.rows,
          unit: 'rows',
          detail: `${file.name}: ${mebibytes(bytes)} of ${mebibytes(file.bytes)} MiB`,
        }),
      signal: context.signal,
    });
    fileTally.charset = charset.name;
    warnOfCharset(file.name, charset.name, charset.damaged, tally);
    if (fileTally.rows + fileTally.badRows === 0) {
      const what = header && header.length > 0 ? 'has a header and no rows' : 'is empty';
      tally.warn('empty_file', `${file.name} ${what}`, {
        one: 'more file is empty',
        many: 'more files are empty',
      });
    }
    if (header && header.length > 0) warnOfOtherColumns(file.name, header, headers, tally, options);
  }
}

function findReader(name: string): ReadRows {
  const reader = readers[/\.[^.]*$/.exec(name.toLowerCase())?.[0] ?? ''];
  if (reader) return reader;
  throw new TrainyardError(
    'data',
    'unsupported_file_type',
    `${name} cannot be read: nlp-text trains on files that end in .csv (of any delimiter, see the ` +
      'option delimiter) or .jsonl (a JSON object a line). For a class per folder of documents, set ' +
      'doc_classification.',
  );
}

function warnOfCharset(file: string, name: string, damaged: boolean, tally: ExtractTally): void {
  if (name !== 'utf-8') {
    const message = `${file} is not UTF-8; it was read as ${name}. Save it as UTF-8 if letters look wrong.`;
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
  tally: ExtractTally,
  { text_column, label_column }: NlpTextOptions,
): void {
  const names = JSON.stringify(header.map(canonicalName).sort());
  const first = (seen[0] ??= { file, names });
  if (first.names === names) return;
  tally.warn(
    'columns_differ',
    `${file} has other columns than ${first.file}; only "${text_column}" and "${label_column}" are read`,
    {
      one: 'more file has other columns',
      many: 'more files have other columns',
    },
  );
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}
