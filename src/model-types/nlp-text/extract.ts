import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageContext } from '../../allocation/stageContext';
import { createDataset, type DatasetWriter } from '../../data/dataset';
import { isClutter } from '../../data/files/clutter';
import type { FileRange } from '../../data/files/fileRange';
import { TrainyardError } from '../../errors';
import { counted } from '../../words';
import type { SourceFile, StageFunction } from '../modelType';
import { extractDocuments } from './extractDocuments';
import { extractRows } from './extractRows';
import type { FindingGroup } from './findings';
import { ExtractTally, type BadRowExample, type FileTally } from './extractTally';
import type { NlpTextOptions } from './options';
import { stepVersions } from './versions';

/** What `extract.json` says. */
export interface ExtractSummary {
  /** Version of this step: the same files give the same rows as long as it stays. */
  readerVersion: number;
  /** Rows (or documents) taken, train and test together. */
  rows: number;
  /** Rows (or documents) skipped. */
  badRows: number;
  /** Rows without anything in them, and what is no row (see FileTally). */
  blankRows: number;
  otherRows: number;
  /** Lines of all files of rows. */
  lines: number;
  /** Rows taken that hold U+FFFD. */
  replacedRows: number;
  /** The first ten bad rows. */
  badRowExamples: BadRowExample[];
  /** All that was skipped or noted, grouped by reason. */
  findings: FindingGroup[];
  files: FileTally[];
}

/** Where the readers put the rows of each part. */
export interface ExtractTarget {
  train: DatasetWriter;
  /** Undefined when there are no test files. */
  test?: DatasetWriter;
}

/** A source file with its absolute place. */
export type LocatedFile = SourceFile & FileRange;

/**
 * Source files → `train/` and, when there are test files, `test/` with the columns `text` and
 * `label` (see labelCell.ts), and `extract.json`. Rows stand in the order of `files.json`.
 */
export const extract: StageFunction<NlpTextOptions> = async (context, options) => {
  const tally = new ExtractTally(context, options.doc_classification ? 'documents' : 'rows');
  const files = await locateFiles(context, tally);
  const target = openTarget(context, files);
  try {
    const read = options.doc_classification ? extractDocuments : extractRows;
    await read(files, target, tally, context, options);
    tally.close(options.max_bad_rows);
    target.train.finish();
    target.test?.finish();
  } finally {
    target.train.abort();
    target.test?.abort();
  }
  const { rows, badRows, badRowExamples } = tally;
  const summary: ExtractSummary = {
    readerVersion: stepVersions.extract,
    rows,
    badRows,
    blankRows: tally.sum('blankRows'),
    otherRows: tally.sum('otherRows'),
    lines: tally.sum('lines'),
    replacedRows: tally.sum('replacedRows'),
    badRowExamples,
    findings: tally.findings(),
    files: tally.files,
  };
  await writeFile(join(context.outputs, 'extract.json'), `${JSON.stringify(summary, null, 2)}\n`);
};

async function locateFiles(context: StageContext, tally: ExtractTally): Promise<LocatedFile[]> {
  const listed = JSON.parse(
    await readFile(join(context.inputs, 'files.json'), 'utf8'),
  ) as SourceFile[];
  const files = listed.filter((file) => !isClutter(file.name));
  for (const file of listed) {
    if (isClutter(file.name)) tally.note('ignored_files', clutterReason, file, null, clutterWords);
  }
  if (!files.some((file) => file.part === 'train')) {
    const hidden = listed.filter((file) => file.part === 'train').length;
    throw new TrainyardError(
      'data',
      'no_files',
      hidden === 0
        ? 'there is nothing to train on: the training locations hold no files'
        : `there is nothing to train on: ${counted(hidden, 'the file there is', 'files there are all')} hidden or temporary, such as ${listed[0]!.name}. Names that start with a dot and what programs leave behind are passed over; give files and folders other names.`,
    );
  }
  return files.map((file) => ({ ...file, path: join(context.inputs, file.path) }));
}

const clutterReason = 'hidden files and what programs leave behind are not read';
const clutterWords = { one: 'file was left out', many: 'files were left out' };

function openTarget(context: StageContext, files: readonly SourceFile[]): ExtractTarget {
  const open = (part: string): DatasetWriter =>
    createDataset(join(context.outputs, part), ['text', 'label']);
  const train = open('train');
  return files.some((file) => file.part === 'test') ? { train, test: open('test') } : { train };
}
