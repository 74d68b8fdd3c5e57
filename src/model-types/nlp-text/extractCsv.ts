import type { StageContext } from '../../allocation/stageContext';
import { readCsv } from '../../data/csv/csvReader';
import { chunkSource } from '../../data/files/fileRange';
import { TrainyardError } from '../../errors';
import type { ExtractTarget, LocatedFile } from './extract';
import type { ExtractTally, FileTally } from './extractTally';
import type { NlpTextOptions } from './options';

/**
 * Rows of CSV files. Labels lose outer white space; a row without a label is bad. A row without
 * text is kept, since a deployed model meets such texts too, and counted in a warning.
 */
export async function extractCsvFiles(
  files: readonly LocatedFile[],
  target: ExtractTarget,
  tally: ExtractTally,
  context: StageContext,
  options: NlpTextOptions,
): Promise<void> {
  files.forEach((file) => assertCsvName(file.name));
  const headers: { file: string; names: string }[] = [];
  for (const file of files) {
    const fileTally = tally.startFile(file);
    const { charset, header } = await readCsv(chunkSource(file), {
      delimiter: options.delimiter,
      columns: [options.text_column, options.label_column],
      signal: context.signal,
      onRow: rowTaker(target[file.part]!, tally, fileTally),
      onBadRow: ({ line, reason }) => tally.bad(fileTally, line, reason),
      onProgress: (bytes) =>
        context.progress({
          done: tally.rows,
          unit: 'rows',
          detail: `${file.name}: ${mebibytes(bytes)} of ${mebibytes(file.bytes)} MiB`,
        }),
    });
    fileTally.charset = charset.name;
    warnOfCharset(file.name, charset.name, charset.damaged, tally);
    if (fileTally.rows + fileTally.badRows === 0) {
      const what = header.length === 0 ? 'is empty' : 'has a header and no rows';
      tally.warn('empty_file', `${file.name} ${what}`, {
        one: 'more file is empty',
        many: 'more files are empty',
      });
    }
    if (header.length > 0) warnOfOtherColumns(file.name, header, headers, tally, options);
  }
}

function rowTaker(
  writer: { append(values: readonly string[]): void },
  tally: ExtractTally,
  file: FileTally,
): (values: string[], line: () => number) => void {
  return ([text, label], line) => {
    const name = label!.trim();
    if (name === '') {
      tally.bad(file, line(), 'the label is empty');
      return;
    }
    if (text!.trim() === '') {
      const where = `the text of ${file.name}, line ${line()}, is empty; the row was kept`;
      tally.warn('empty_text', where, {
        one: 'more row has an empty text',
        many: 'more rows have an empty text',
      });
    }
    writer.append([text!, name]);
    tally.good(file);
  };
}

function assertCsvName(name: string): void {
  if (name.toLowerCase().endsWith('.csv')) return;
  throw new TrainyardError(
    'data',
    'unsupported_file_type',
    `${name} cannot be read: nlp-text trains on files that end in .csv (of any delimiter, see the ` +
      'option delimiter). For a class per folder of documents, set doc_classification.',
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
  const names = JSON.stringify(header.map((name) => name.trim()).sort());
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
