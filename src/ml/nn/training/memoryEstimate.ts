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

/** What would fit; undefined where nothing does. */
export interface FittingShapes {
  /** The largest batch at the length asked for. */
  batch: number | undefined;
  /** The greatest of the lengths allowed, at the batch asked for. */
  length: number | undefined;
  /** The greatest of the lengths allowed, at a batch of one row. */
  longest: number | undefined;
}

/**
 * Which batch and which length fit into so much memory.
 *
 * @param lengths the lengths allowed; those above the one asked for are not considered
 */
export function fittingShapes(
  shape: TrainingShape,
  bytes: number,
  lengths: readonly number[],
): FittingShapes {
  const fits = (part: Partial<TrainingShape>): boolean =>
    trainingBytes({ ...shape, ...part }) <= bytes;
  const allowed = lengths.filter((length) => length <= shape.length).sort((a, b) => b - a);
  let batch: number | undefined = shape.batch;
  while (batch > 0 && !fits({ batch })) batch--;
  return {
    batch: batch > 0 ? batch : undefined,
    length: allowed.find((length) => fits({ length })),
    longest: allowed.find((length) => fits({ length, batch: 1 })),
  };
}
