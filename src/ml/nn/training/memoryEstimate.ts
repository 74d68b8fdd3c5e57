/** What the memory of a training depends on. */
export interface TrainingShape {
  /** Dense parameters, without embedding tables. */
  parameters: number;
  /** Entries of all embedding tables. @default 0 */
  tableParameters?: number | undefined;
  /** Rows that are computed at once: of a micro-batch, not of an optimizer step. */
  batch: number;
  /** Tokens per row, padding included. */
  length: number;
  layers: number;
  hidden: number;
  heads: number;
  /** Width of the inner layer of the feed-forward part. */
  feedForward: number;
}

/** Node with ONNX Runtime, before there is a model. */
const processBytes = 100e6;

/**
 * Weights, gradients, the two moments, gradients as the graph gives them in two copies, and the best
 * weights so far: four bytes each.
 */
const bytesPerParameter = 28;

/** The table as it was, and of each row touched its values, two moments and its best values. */
const bytesPerTableParameter = 20;

/**
 * Numbers that one layer keeps for its backward pass, by what their count grows with. Fitted to the
 * measured peaks of MiniLM's shape (6 layers, hidden 384, 12 heads, inner width 1536) at 32 × 64,
 * 16 × 128 and 8 × 512, rounded up: the estimate is 0 to 20 % above each of them.
 */
const keptPerTokenAndHidden = 12;
const keptPerTokenAndInner = 5;
const keptPerPair = 1;

/** Peak memory of training a transformer encoder in one process, in bytes. */
export function trainingBytes(shape: TrainingShape): number {
  const { parameters, tableParameters = 0, batch, length } = shape;
  const { layers, hidden, heads, feedForward } = shape;
  const perToken = keptPerTokenAndHidden * hidden + keptPerTokenAndInner * feedForward;
  const perRow = length * perToken + heads * length * length * keptPerPair;
  return (
    processBytes +
    bytesPerParameter * parameters +
    bytesPerTableParameter * tableParameters +
    4 * layers * batch * perRow
  );
}
