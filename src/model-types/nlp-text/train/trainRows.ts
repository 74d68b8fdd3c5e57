import { squaredNorms } from '../../../ml/linear/rowBlock';
import { noFold, type LabelledRows } from '../../../ml/linear/labelledRows';
import type { ProblemRows } from '../../../ml/linear/problemTask';
import { familyStarts } from '../../../ml/text/featurizerSpec';
import { buildVocabulary, type Vocabulary } from '../../../ml/text/vocabulary';
import {
  countFrequencies,
  cutBlocks,
  makeResident,
  openFeatureBlocks,
  type FeatureSource,
} from './featureBlocks';
import {
  featureFiles,
  readFeatureSummary,
  rowPart,
  type FeatureSummary,
} from '../preprocess/features';
import { readArray } from '../../../support/arrayFiles';
import { baseMargins, type BaseModel } from './baseModel';
import type { SolverData } from './solverMessages';
import { trainerSettings } from './trainerSettings';

/** The preprocessed rows in shared memory, before it is said which of them to learn from. */
export interface LoadedRows {
  dir: string;
  summary: FeatureSummary;
  starts: Float64Array;
  labelStarts: Float64Array;
  labelNumbers: Int32Array;
  parts: Uint8Array;
  /** First row with the same text. */
  groups: Int32Array;
}

export function loadRows(dir: string): LoadedRows {
  const file = (name: string): SharedArrayBuffer => shared(readArray(dir, name));
  return {
    dir,
    summary: readFeatureSummary(dir),
    starts: new Float64Array(file(featureFiles.starts)),
    labelStarts: new Float64Array(file(featureFiles.labelStarts)),
    labelNumbers: new Int32Array(file(featureFiles.labels)),
    parts: new Uint8Array(file(featureFiles.parts)),
    groups: new Int32Array(readArray(dir, featureFiles.groups)),
  };
}

function shared(bytes: ArrayBuffer): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(memory).set(new Uint8Array(bytes));
  return memory;
}

/** Rows ready to learn from: their features, labels and what the solvers share. */
export interface TrainRows {
  vocabulary: Vocabulary;
  /** What solver threads are started with. */
  data: Omit<SolverData, 'requests'>;
  /** The same rows for this thread. */
  problems: ProblemRows;
}

/** Which rows to learn from. */
export type Wanted = 'train part' | 'all rows';

/**
 * @param yieldToEventLoop awaited every few milliseconds; may throw to stop
 * @param folds the fold that leaves each row out; absent: none
 */
export async function prepareRows(
  loaded: LoadedRows,
  wanted: Wanted,
  base: BaseModel | undefined,
  yieldToEventLoop: () => Promise<void>,
  folds?: Int8Array,
): Promise<TrainRows> {
  const { summary, starts, parts } = loaded;
  const rows = parts.length;
  const included = new Uint8Array(new SharedArrayBuffer(rows));
  for (let row = 0; row < rows; row++) {
    included[row] = wanted === 'all rows' || parts[row] !== rowPart.test ? 1 : 0;
  }
  const vocabulary = await chooseFeatures(loaded, included, base, yieldToEventLoop);
  const read: FeatureSource = {
    dir: loaded.dir,
    starts,
    firstRows: cutBlocks(starts),
    familyStarts: familyStarts(summary.featurizer),
    vocabulary: { ids: vocabulary.ids, scales: vocabulary.scales },
  };
  const source = await makeResident(read, yieldToEventLoop);
  const labelled: LabelledRows = {
    labels: summary.labels.length,
    starts: loaded.labelStarts,
    numbers: loaded.labelNumbers,
    included,
    folds: folds ?? new Int8Array(new SharedArrayBuffer(rows)).fill(noFold),
  };
  const blocks = openFeatureBlocks(source);
  const sharedRows = curvatures(blocks);
  const priors = base && baseMargins(base, vocabulary, summary);
  return {
    vocabulary,
    data: { source, labelled, shared: sharedRows, priors },
    problems: { rows: blocks, labelled, shared: sharedRows, priors },
  };
}

async function chooseFeatures(
  { dir, summary, starts }: LoadedRows,
  included: Uint8Array,
  base: BaseModel | undefined,
  yieldToEventLoop: () => Promise<void>,
): Promise<Vocabulary> {
  const buckets = familyStarts(summary.featurizer).at(-1)!;
  const learned = (row: number): boolean => included[row] === 1;
  const frequency = await countFrequencies(dir, starts, buckets, learned, yieldToEventLoop);
  const rows = included.reduce((a, b) => a + b, 0);
  return buildVocabulary(frequency, {
    rows,
    minRows: trainerSettings.minRows(rows),
    maxFeatures: trainerSettings.maxFeatures(summary.labels.length),
    base,
  });
}

function curvatures(rows: ProblemRows['rows']): SolverData['shared'] {
  const curvature = new Float64Array(new SharedArrayBuffer(rows.rows * 8));
  const diagonal = new Float64Array(new SharedArrayBuffer(rows.rows * 8));
  for (let block = 0; block + 1 < rows.firstRows.length; block++) {
    squaredNorms(rows.load(block), curvature, rows.firstRows[block]!);
  }
  for (let row = 0; row < rows.rows; row++) {
    diagonal[row] = 1 / (2 * trainerSettings.cost);
    curvature[row]! += 1 + diagonal[row]!;
  }
  return { curvature, diagonal };
}
