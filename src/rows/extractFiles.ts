import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset, type DatasetWriter } from '../data/dataset';
import type { StageContext } from '../stage/stageContext';
import type { FindingGroup } from './findings';
import { locateFiles, type LocatedFile } from './locateFiles';
import { RowTally, type BadRowExample, type FileTally } from './rowTally';

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

/** How the files of a training become rows. */
export interface ExtractPlan {
  /** What a file holds. */
  unit: 'rows' | 'documents';
  /** Of the datasets. */
  columns: readonly string[];
  /** Bad rows allowed; null: 1 % of the rows, at least 10. */
  maxBadRows: number | null;
  /** Version of the step. */
  version: number;
  /** There is something to do without any rows too. @default false */
  mayBeEmpty?: boolean;
  read(files: readonly LocatedFile[], target: ExtractTarget, tally: RowTally): Promise<void>;
}

/**
 * Source files → `train/` and, when there are test files, `test/`, and `extract.json`, which accounts for
 * every row. Rows stand in the order of `files.json`.
 */
export async function extractFiles(context: StageContext, plan: ExtractPlan): Promise<void> {
  const tally = new RowTally(context, plan.unit);
  const mayBeEmpty = plan.mayBeEmpty ?? false;
  const files = await locateFiles(context, tally, mayBeEmpty);
  const target = openTarget(context, files, plan.columns);
  try {
    await plan.read(files, target, tally);
    tally.close(plan.maxBadRows, mayBeEmpty && files.length === 0);
    target.train.finish();
    target.test?.finish();
  } finally {
    target.train.abort();
    target.test?.abort();
  }
  const summary = summaryOf(tally, plan.version);
  await writeFile(join(context.outputs, 'extract.json'), `${JSON.stringify(summary, null, 2)}\n`);
}

function openTarget(
  context: StageContext,
  files: readonly LocatedFile[],
  columns: readonly string[],
): ExtractTarget {
  const open = (part: string): DatasetWriter =>
    createDataset(join(context.outputs, part), [...columns]);
  const train = open('train');
  return files.some((file) => file.part === 'test') ? { train, test: open('test') } : { train };
}

function summaryOf(tally: RowTally, version: number): ExtractSummary {
  const { rows, badRows, badRowExamples } = tally;
  return {
    readerVersion: version,
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
}
