import { TrainyardError } from '../../../errors';
import type { LinearModel } from '../../../ml/linear/linearModel';
import { fromHalf, toHalf } from '../../../ml/onnx/float16';
import type { WeightPrecision } from '../../../ml/onnx/linear';
import { openSession } from '../../../ml/onnx/session';
import { probabilities } from '../../../ml/heads/probabilities';
import { runTexts, type TextFeatures } from './batches';
import { spreadFeatures, type TestVector } from './testVectors';

/** How far a probability of the graph may lie from the trainer's own. */
const tolerance = 1e-5;

/**
 * Runs the test vectors, and features spread over all weights, through the graph and through the
 * model's definition. Throws a `bug` when they differ.
 */
export async function checkExport(
  onnx: Uint8Array,
  model: LinearModel,
  precision: WeightPrecision,
  vectors: readonly TestVector[],
): Promise<void> {
  const probes = vectors.map(({ rows, values }) => ({
    rows: Int32Array.from(rows),
    values: Float32Array.from(values),
  }));
  const texts: TextFeatures[] = [...probes, ...spreadFeatures(model.buckets.length)];
  const round = precision === 'float16' ? (weight: number) => fromHalf(toHalf(weight)) : undefined;
  const session = await openSession(onnx);
  let worst = 0;
  try {
    const scorer = {
      session,
      head: model.head,
      labels: model.labels.length,
      rows: model.buckets.length,
    };
    await runTexts(scorer, texts, (i, scores) => {
      const wanted = probabilitiesOf(model, texts[i]!, round);
      // Math.max keeps a NaN, which then fails the comparison below.
      for (let c = 0; c < wanted.length; c++)
        worst = Math.max(worst, Math.abs(wanted[c]! - scores[c]!));
    });
  } finally {
    await session.close();
  }
  if (!(worst <= tolerance)) {
    throw new TrainyardError(
      'bug',
      'export_differs',
      `the exported model's probabilities differ from the trainer's by ${worst.toExponential(1)}, allowed are ${tolerance}`,
      500,
    );
  }
}

/** A linear model's probabilities by definition, in double precision. */
function probabilitiesOf(
  { head, weights, bias }: LinearModel,
  { rows, values }: TextFeatures,
  round: (weight: number) => number = (weight) => weight,
): Float64Array {
  const logits = Float64Array.from(bias);
  const labels = logits.length;
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i]! * labels;
    for (let c = 0; c < labels; c++) logits[c]! += round(weights[start + c]!) * values[i]!;
  }
  return probabilities(logits, head);
}
