import { randomAt, streamKey } from '../random/counterRandom';
import type { DenseFeatures } from './denseFeatures';
import { headLogits } from './head';
import type { LabelsPerRow } from './labels';
import { probabilities } from './probabilities';
import { chooseThresholds } from './thresholds';
import { trainHead } from './trainHead';

describe('thresholds', () => {
  const ofRows = Float32Array.of(0.9, 0.1, 0.6, 0.3, 0.4, 0.2, 0.1, 0.4);
  const truth = Uint8Array.of(1, 0, 1, 1, 0, 0, 0, 1);

  it('make the F1 of each label highest', () => {
    const [first, second] = chooseThresholds(ofRows, truth, 2, 'macro-f1');
    expect(first).toBeCloseTo(0.5, 6);
    expect(second).toBeCloseTo(0.25, 6);
  });

  it('are one for all labels where micro-F1 counts', () => {
    const [first, second] = chooseThresholds(ofRows, truth, 2, 'micro-f1');
    expect(first).toBeCloseTo(0.25, 6);
    expect(second).toBe(first);
  });

  it('stay nearer to the common one for a label with few rows', () => {
    const falling = Float32Array.from({ length: 400 }, (_, i) => 1 - i / 400);
    const both = Float32Array.from({ length: 800 }, (_, i) => falling[i >> 1]!);
    // The first label belongs to the first half of the rows, which makes the common threshold 0.5.
    const thresholdOf = (own: number[]): number => {
      const truth = Uint8Array.from(both, (_, i) =>
        (i % 2 === 0 ? i < 400 : own.includes(i >> 1)) ? 1 : 0,
      );
      return chooseThresholds(both, truth, 2, 'macro-f1')[1]!;
    };
    const many = Array.from({ length: 40 }, (_, i) => i);
    expect(thresholdOf(many)).toBeCloseTo(0.9, 2);
    expect(thresholdOf([15])).toBeLessThan(0.6);
  });

  it('fall back to the common one for a label that no row has', () => {
    const none = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0);
    const [first, second] = chooseThresholds(ofRows, none, 2, 'macro-f1');
    expect(second).toBe(first);
  });
});

const noise = (...key: [number, ...number[]]): number =>
  randomAt(streamKey(key[0], ...key.slice(1)), 0) / 2 ** 32 - 0.5;

/** Features and labels that have nothing to do with each other: about a third of the rows has each label. */
function chance(rows: number, width: number, classes: number) {
  const values = Float32Array.from({ length: rows * width }, (_, at) => noise(1, at));
  const lists = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: classes }, (__, c) => c).filter((c) => noise(2, row, c) < -1 / 6),
  );
  const offsets = new Int32Array(rows + 1);
  lists.forEach((own, row) => (offsets[row + 1] = offsets[row]! + own.length));
  const features: DenseFeatures = { values, rows, width };
  const labels: LabelsPerRow = {
    kind: 'sigmoid',
    classes,
    offsets,
    labels: Int32Array.from(lists.flat()),
  };
  return { features, labels, lists };
}

/** How often a row with the label gets more than one without. */
function separation(scores: Float32Array, truth: Uint8Array): number {
  const [own, others] = [1, 0].map((value) => scores.filter((_, i) => truth[i] === value));
  let above = 0;
  for (const a of own!) for (const b of others!) above += a > b ? 1 : 0;
  return above / (own!.length * others!.length);
}

describe('the thresholds of a head', () => {
  const [rows, width, classes] = [90, 60, 3];
  const { features, labels, lists } = chance(rows, width, classes);
  const folds = [0, 1, 2].map((fold) =>
    Int32Array.from({ length: rows / 3 }, (_, i) => 3 * i + fold),
  );
  const truthOf = (chosen: readonly number[]): Uint8Array =>
    Uint8Array.from(
      chosen.flatMap((row) => [0, 1, 2].map((c) => (lists[row]!.includes(c) ? 1 : 0))),
    );
  const all = truthOf([...lists.keys()]);
  const held = folds.flatMap((fold) => [...fold]);

  it.each(['macro-f1', 'micro-f1'] as const)(
    'make %s high on rows that it was not trained on',
    async (goal) => {
      const options = { validation: folds, threads: 1, thresholds: goal };
      const { head, parts } = await trainHead(features, labels, options);
      const logits = parts.flatMap((part) => [...part.logits]);
      const unseen = probabilities(Float32Array.from(logits), 'sigmoid');
      const wanted = chooseThresholds(unseen, truthOf(held), classes, goal);
      expect(head.thresholds).toHaveLength(classes);
      head.thresholds!.forEach((found, c) => expect(found).toBeCloseTo(wanted[c]!, 5));

      const seen = probabilities(headLogits(head, features), 'sigmoid');
      const wrong = chooseThresholds(seen, all, classes, goal);
      head.thresholds!.forEach((found, c) =>
        expect(Math.abs(found - wrong[c]!)).toBeGreaterThan(0.01),
      );
      // There is nothing to learn: only who has seen the rows can tell them apart.
      expect(separation(seen, all)).toBeGreaterThan(0.8);
      expect(separation(unseen, truthOf(held))).toBeLessThan(0.65);
    },
  );

  it('are one for all labels where micro-F1 counts, and one for each where macro-F1 does', async () => {
    const found = async (goal: 'macro-f1' | 'micro-f1'): Promise<number> => {
      const options = { validation: folds, threads: 1, thresholds: goal };
      return new Set((await trainHead(features, labels, options)).head.thresholds).size;
    };
    expect(await found('micro-f1')).toBe(1);
    expect(await found('macro-f1')).toBe(classes);
  });
});
