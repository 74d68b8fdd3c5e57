import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { probabilities } from '../../../ml/heads/probabilities';
import { logitsOf, type UnseenMargins } from './calibrateModel';
import type { Calibration } from '../../../ml/linear/calibration';
import { heldOut, type LabelledRows } from '../../../ml/linear/labelledRows';
import { readArray, writeArray } from '../../../support/arrayFiles';
import type { ProblemResult } from '../../../ml/linear/problemTask';

/**
 * What models that had not seen a row say of it, for the search for wrong labels: the rows that were
 * asked about (large data has only some), and all their probabilities, rows × labels, row-major.
 * Little-endian.
 */
const allFiles = { rows: 'unseen-rows.i32', probabilities: 'unseen.f32' };

export interface UnseenProbabilities {
  rows: Int32Array;
  probabilities: Float32Array;
}

/** Reads all probabilities that a training left in `dir`; undefined when it left none. */
export function readUnseen(dir: string): UnseenProbabilities | undefined {
  if (!existsSync(join(dir, allFiles.rows))) return undefined;
  return {
    rows: new Int32Array(readArray(dir, allFiles.rows)),
    probabilities: new Float32Array(readArray(dir, allFiles.probabilities)),
  };
}

/** Margins of the rows of all folds, by row, from the results of the folds' problems. */
export function foldMargins(
  labelled: LabelledRows,
  labelOfProblem: number[],
  results: ProblemResult[],
  folds: number,
): UnseenMargins & { rows: Int32Array } {
  const rowsOf = Array.from({ length: folds }, (_, fold) => heldOut(labelled, fold));
  const rows = Int32Array.from(rowsOf.flatMap((list) => [...list])).sort();
  const place = new Map([...rows].map((row, i) => [row, i]));
  const problems = labelOfProblem.length;
  const margins = new Float32Array(rows.length * problems);
  const problemOf = new Map(labelOfProblem.map((label, problem) => [label, problem]));
  for (const { label, fold, scores } of results) {
    if (!scores) continue;
    const problem = problemOf.get(label)!;
    rowsOf[fold]!.forEach((row, i) => (margins[place.get(row)! * problems + problem] = scores[i]!));
  }
  return { rows, margins, problems, has: hasLabels(labelled, rows, labelOfProblem) };
}

/** Whether each of the rows has the label of each problem: rows × problems. */
export function hasLabels(
  { starts, numbers }: LabelledRows,
  rows: Int32Array,
  labelOfProblem: number[],
): Uint8Array {
  const problems = labelOfProblem.length;
  const has = new Uint8Array(rows.length * problems);
  const problemOf = new Map(labelOfProblem.map((label, problem) => [label, problem]));
  rows.forEach((row, i) => {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const problem = problemOf.get(numbers[at]!);
      if (problem !== undefined) has[i * problems + problem] = 1;
    }
  });
  return has;
}

/** Gathers what is said of rows, and writes it. */
export class OutOfFoldScores {
  private readonly asked: number[] = [];
  private readonly scores: Float32Array[] = [];

  constructor(
    private readonly head: 'softmax' | 'sigmoid',
    /** Rows of the `train` dataset; those after them are a base model's and not written. */
    private readonly datasetRows: number,
  ) {}

  /** @param margins rows × problems, row-major */
  add(rows: Int32Array, margins: Float32Array, problems: number, calibration: Calibration): void {
    rows.forEach((row, i) => {
      if (row >= this.datasetRows) return;
      const own = margins.subarray(i * problems, (i + 1) * problems);
      this.asked.push(row);
      this.scores.push(
        Float32Array.from(probabilities(logitsOf(own, calibration, this.head), this.head)),
      );
    });
  }

  write(dir: string): void {
    const columns = this.scores[0]?.length ?? 0;
    const all = new Float32Array(this.scores.length * columns);
    this.scores.forEach((row, i) => all.set(row, i * columns));
    writeArray(dir, allFiles.rows, Int32Array.from(this.asked));
    writeArray(dir, allFiles.probabilities, all);
  }
}
