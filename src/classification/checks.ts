import type { Dataset } from '../data/dataset';
import { excerpt } from './excerpt';
import { labelsOf, shownCell } from './labelCell';
import { TextGroups, textIdentity } from './textGroups';

/** A row that a check found. */
export interface CheckedRow {
  part: 'train' | 'test';
  /** From 1, over the rows that were read from all files of the part. */
  row: number;
  label: string;
  /** The text in one line, cut to 200 characters. */
  text: string;
}

export interface LabelCount {
  label: string;
  train: number;
  test: number;
}

/** What a look at the data found. Examples are the first few of each. */
export interface DataChecks {
  rows: { train: number; test: number };
  empty_texts: { count: number; examples: CheckedRow[] };
  /** Train rows whose text and labels stood in an earlier row. */
  duplicates: { count: number; examples: (CheckedRow & { first_row: number })[] };
  /** Train rows whose text stood in an earlier row with other labels. */
  conflicts: {
    count: number;
    examples: (CheckedRow & { first_row: number; first_label: string })[];
  };
  /** Test rows whose text is also a train text. */
  overlap: { count: number; examples: CheckedRow[] };
  /** By train rows, most first; the first 1000. */
  labels: LabelCount[];
  label_count: number;
  /** Labels with fewer than five train rows. */
  rare_labels: { count: number; examples: LabelCount[] };
  /** Labels that only test rows have: no model can predict them. */
  test_only_labels: { count: number; examples: LabelCount[] };
}

const shown = 10;
const listedLabels = 1000;
/** Below this many rows a class is hardly learned, and its measured quality says little. */
const fewRows = 5;
const rowsPerBlock = 2048;

export interface CheckOptions {
  /** Separates several labels in one cell; null: a cell is one label. */
  labelDelimiter: string | null;
  /** Characters of a text that the model reads; see textIdentity. */
  maxCharacters: number;
  /** Called after each block of rows; may throw to stop. */
  onRows(): Promise<void>;
}

/**
 * Looks at every row once, with memory for a hash of each train text. Texts are the same by their
 * `textIdentity`, as in the split. `test` is undefined when there is no test part.
 */
export async function checkData(
  train: Dataset,
  test: Dataset | undefined,
  options: CheckOptions,
): Promise<DataChecks> {
  const found = emptyChecks(train.rows, test?.rows ?? 0);
  const labels = new Map<string, LabelCount>();
  const texts = new TextGroups();
  /** The number of each row's labels, where it is the first with its text. */
  const firstLabels = new Int32Array(train.rows);
  const cells = new Map<string, number>();
  const cellNames: string[] = [];

  await eachRow('train', train, options, (row, text) => {
    const names = labelsOf(row.label, options.labelDelimiter);
    count(labels, names, 'train');
    if (text === '') add(found.empty_texts, row);
    const cell = [...names].sort().join('\u0000');
    const number = cells.get(cell) ?? cellNames.push(shownCell(row.label)) - 1;
    cells.set(cell, number);
    const first = texts.add(text);
    if (first === row.row - 1) firstLabels[first] = number;
    else if (text !== '') {
      const first_row = first + 1;
      const label = firstLabels[first]!;
      if (label === number) add(found.duplicates, { ...row, first_row });
      else add(found.conflicts, { ...row, first_row, first_label: cellNames[label]! });
    }
  });
  if (test) {
    await eachRow('test', test, options, (row, text) => {
      count(labels, labelsOf(row.label, options.labelDelimiter), 'test');
      if (text === '') add(found.empty_texts, row);
      else if (texts.find(text) >= 0) add(found.overlap, row);
    });
  }
  return { ...found, ...countLabels([...labels.values()]) };
}

function emptyChecks(
  train: number,
  test: number,
): Omit<DataChecks, keyof ReturnType<typeof countLabels>> {
  return {
    rows: { train, test },
    empty_texts: { count: 0, examples: [] },
    duplicates: { count: 0, examples: [] },
    conflicts: { count: 0, examples: [] },
    overlap: { count: 0, examples: [] },
  };
}

async function eachRow(
  part: 'train' | 'test',
  dataset: Dataset,
  options: CheckOptions,
  look: (row: CheckedRow, identity: string) => void,
): Promise<void> {
  for (const { start, rows, values } of dataset.blocks(['text', 'label'], rowsPerBlock)) {
    for (let i = 0; i < rows; i++) {
      const text = values.text[i]!;
      const identity = textIdentity(text, options.maxCharacters);
      look({ part, row: start + i + 1, label: values.label[i]!, text }, identity);
    }
    await options.onRows();
  }
}

/** Counts a finding; the first few are kept as examples. */
function add<Row extends CheckedRow>(finding: { count: number; examples: Row[] }, row: Row): void {
  const label = shownCell(row.label);
  if (finding.count++ < shown) finding.examples.push({ ...row, label, text: excerpt(row.text) });
}

function count(labels: Map<string, LabelCount>, names: string[], part: 'train' | 'test'): void {
  for (const label of names) {
    const known = labels.get(label) ?? { label, train: 0, test: 0 };
    known[part]++;
    labels.set(label, known);
  }
}

function countLabels(
  counts: LabelCount[],
): Pick<DataChecks, 'labels' | 'label_count' | 'rare_labels' | 'test_only_labels'> {
  const byRows = counts.sort((a, b) => b.train - a.train || b.test - a.test);
  const some = (rows: LabelCount[]) => ({ count: rows.length, examples: rows.slice(0, shown) });
  return {
    labels: byRows.slice(0, listedLabels),
    label_count: byRows.length,
    rare_labels: some(byRows.filter(({ train }) => train > 0 && train < fewRows)),
    test_only_labels: some(byRows.filter(({ train }) => train === 0)),
  };
}
