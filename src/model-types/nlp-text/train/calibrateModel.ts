import { chooseThresholds } from '../../../ml/heads/thresholds';
import { sigmoidFit, softmaxScale, type Calibration } from '../../../ml/linear/calibration';
import { probabilities } from '../../../ml/heads/probabilities';

/** Margins of rows by models that had not seen them, and the rows' labels. */
export interface UnseenMargins {
  /** rows × problems, row-major. */
  margins: Float32Array;
  problems: number;
  /** Whether row r has the label of problem p: rows × problems. */
  has: Uint8Array;
}

/** A label with fewer rows leans on the others as if it had so many more of theirs. */
const pullRows = 20;

/** Where data is too small to tell. */
const usualScale = 4;

/**
 * The scale and shift of each label's margin. Two labels are one problem, whose margin is that of the
 * second label; many labels of which a text has one share a scale.
 */
export function calibrate(
  { margins, problems, has }: UnseenMargins,
  head: 'softmax' | 'sigmoid',
): Calibration {
  const rows = margins.length / problems;
  if (rows === 0) {
    return {
      scale: new Float64Array(problems).fill(usualScale),
      shift: new Float64Array(problems),
    };
  }
  if (head === 'softmax' && problems > 1) {
    const truth = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      truth[row] = has.subarray(row * problems, (row + 1) * problems).indexOf(1);
    }
    const scale = softmaxScale(margins, truth, problems);
    return { scale: new Float64Array(problems).fill(scale), shift: new Float64Array(problems) };
  }
  const common = sigmoidFit(margins, has, [usualScale, 0], 1);
  const scale = new Float64Array(problems);
  const shift = new Float64Array(problems);
  for (let p = 0; p < problems; p++) {
    const own = new Float32Array(rows);
    const truth = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      own[row] = margins[row * problems + p]!;
      truth[row] = has[row * problems + p]!;
    }
    [scale[p], shift[p]] = problems === 1 ? common : sigmoidFit(own, truth, common, pullRows);
  }
  return { scale, shift };
}

/** From which probability on each label of a sigmoid head counts as predicted: for the highest macro-F1. */
export function thresholdsFor(
  { margins, problems, has }: UnseenMargins,
  calibration: Calibration,
): Float32Array {
  const all = new Float32Array(margins.length);
  for (let at = 0; at < margins.length; at += problems) {
    const logits = logitsOf(margins.subarray(at, at + problems), calibration, 'sigmoid');
    all.set(probabilities(logits, 'sigmoid'), at);
  }
  return chooseThresholds(all, has, problems, 'macro-f1');
}

/** Logits of one row from the margins of its problems: what `assembleModel` folds into the weights. */
export function logitsOf(
  margins: Float32Array,
  { scale, shift }: Calibration,
  head: 'softmax' | 'sigmoid',
): Float64Array {
  if (head === 'softmax' && margins.length === 1) {
    const half = (scale[0]! * margins[0]! + shift[0]!) / 2;
    return Float64Array.of(-half, half);
  }
  return Float64Array.from(margins, (margin, p) => scale[p]! * margin + shift[p]!);
}
