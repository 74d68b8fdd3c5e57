/** Rows that go through a transformer encoder at once: what their memory depends on. */
export interface EncoderRun {
  /** Of a micro-batch, not of an optimizer step. */
  rows: number;
  /** Tokens per row, padding included. */
  length: number;
  layers: number;
  hidden: number;
  heads: number;
  /** Width of the inner layer of the feed-forward part. */
  intermediate: number;
}

/**
 * Numbers that one layer keeps for its backward pass, by what their count grows with. Fitted to the
 * measured peaks of MiniLM's shape (6 layers, hidden 384, 12 heads, inner width 1536) at 32 × 64,
 * 16 × 128 and 8 × 512, rounded up.
 */
const kept = { perTokenAndHidden: 12, perTokenAndInner: 5, perPair: 1 };

/** What is there at once within a layer when nothing is kept; fitted to 8 × 64, 1 × 1024 and 1 × 2048. */
const passing = { perTokenAndHidden: 8, perTokenAndInner: 3, perPair: 2.4 };

/** Bytes of a forward and backward pass at their peak, without parameters and their gradients. */
export function trainingRunBytes(run: EncoderRun): number {
  return 4 * run.layers * numbersOfLayer(run, kept);
}

/** Bytes of a forward pass at their peak, without parameters. */
export function forwardRunBytes(run: EncoderRun): number {
  return 4 * numbersOfLayer(run, passing);
}

function numbersOfLayer(
  { rows, length, hidden, heads, intermediate }: EncoderRun,
  { perTokenAndHidden, perTokenAndInner, perPair }: typeof kept,
): number {
  const perToken = perTokenAndHidden * hidden + perTokenAndInner * intermediate;
  return rows * (length * perToken + heads * length * length * perPair);
}
