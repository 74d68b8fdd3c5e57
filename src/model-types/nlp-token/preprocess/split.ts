import { splitRows } from '../../../classification/splitRows';
import { whyNothingAside } from '../../../classification/whyNothingAside';
import type { StageContext } from '../../../stage/stageContext';
import type { NlpTokenOptions } from '../options';
import { rowPart, type TokenSummary } from './tokenData';

interface Rows {
  /** The first row with the same text, per row. */
  groups: Int32Array;
  /** The number of the first span's tag, per row; tags.length for a row without. */
  firstTags: Int32Array;
  tags: readonly string[];
  /** Rows of the test files. */
  testRows: number;
}

/** Chooses the rows that measure the model, so that each tag has its share among them. */
export function chooseSplit(
  context: Pick<StageContext, 'warn'>,
  { test_split, holdout, seed }: NlpTokenOptions,
  { groups, firstTags, tags, testRows }: Rows,
): { split: TokenSummary['split']; parts: Uint8Array } {
  const [kind, share] = planOf(testRows, test_split, holdout);
  if (share === 0) return { split: { kind, testRows }, parts: new Uint8Array(groups.length) };
  const aside = splitRows(groups, firstTags, tags.length + 1, share, seed);
  const parts = aside.map((one) => (one === 1 ? rowPart.test : rowPart.train));
  const rows = aside.reduce((a, b) => a + b, 0);
  if (rows > 0) return { split: { kind, testRows: rows }, parts };
  context.warn({
    code: 'no_test_rows',
    message:
      `no row was put aside, so nothing says how good the model is: ` +
      whyNothingAside(groups, firstTags, [...tags, 'no tag'], share) +
      ' Or give test_files.',
  });
  return { split: { kind: 'none', testRows: 0 }, parts };
}

function planOf(
  testRows: number,
  testSplit: number | null,
  holdout: number,
): [TokenSummary['split']['kind'], share: number] {
  if (testRows > 0) return ['test_files', 0];
  if (testSplit !== null) return ['test_split', testSplit];
  return holdout > 0 ? ['holdout', holdout] : ['none', 0];
}
