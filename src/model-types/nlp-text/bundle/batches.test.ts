import fc from 'fast-check';
import type { LinearModel } from '../../../ml/linear/linearModel';
import { exportLinear } from '../../../ml/onnx/linear';
import { type LinearSession, openSession } from '../../../ml/onnx/session';
import { probabilities } from '../../../ml/heads/probabilities';
import { runTexts, type TextFeatures } from './batches';

const rows = 60;
const labels = 5;

function buildModel(head: LinearModel['head']): LinearModel {
  return {
    head,
    labels: Array.from({ length: labels }, (_, i) => `label ${i}`),
    buckets: Uint32Array.from({ length: rows }, (_, i) => i),
    scales: new Float32Array(rows).fill(1),
    weights: Float32Array.from({ length: rows * labels }, (_, i) => Math.sin(i + 1)),
    bias: Float32Array.from({ length: labels }, (_, i) => Math.cos(i)),
  };
}

const textFeatures = fc
  .uniqueArray(fc.integer({ min: 0, max: rows - 1 }), { maxLength: rows })
  .map((found): TextFeatures => ({
    rows: Int32Array.from(found),
    values: Float32Array.from(found, (row) => Math.sin(row * 3)),
  }));

describe.each(['softmax', 'sigmoid'] as const)('runTexts with %s', (head) => {
  const model = buildModel(head);
  let session: LinearSession;
  beforeAll(async () => {
    session = await openSession(exportLinear(model));
  });
  afterAll(() => session.close());

  it('gives every text its probabilities once, within any bound on what is gathered', async () => {
    const scorer = {
      get session() {
        return session;
      },
      head,
      labels,
      rows,
    };
    const texts = fc.array(textFeatures, { maxLength: 12 });
    const bound = fc.integer({ min: 1, max: 2000 });
    await fc.assert(
      fc.asyncProperty(texts, bound, async (given, maxGathered) => {
        const seen = new Set<number>();
        const check = (i: number, scores: Float32Array): void => {
          expect(seen.has(i)).toBe(false);
          seen.add(i);
          const { rows: ids, values } = given[i]!;
          const logits = Float64Array.from(model.bias, (bias, c) =>
            ids.reduce((sum, row, k) => sum + model.weights[row * labels + c]! * values[k]!, bias),
          );
          probabilities(logits, head).forEach((p, c) => expect(scores[c]).toBeCloseTo(p, 5));
        };
        await runTexts(scorer, given, check, maxGathered);
        expect(seen.size).toBe(given.length);
      }),
      { numRuns: 50 },
    );
  });
});
