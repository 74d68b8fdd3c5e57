import { measure } from './measure';
import type { HeldOut } from './heldOut';
import type { BundleScorer } from '../predict/scorer';

type Row = [label: string, probabilities: number[]];

/** A scorer that gives row `i` the probabilities stated for it; its text is its number. */
function stated(
  head: 'softmax' | 'sigmoid',
  labels: string[],
  rows: Row[],
): [BundleScorer, HeldOut] {
  const scorer = {
    manifest: { head, labels },
    score: (texts: Iterable<string>, each: (i: number, p: Float32Array) => void) => {
      [...texts].forEach((text, i) => each(i, Float32Array.from(rows[Number(text)]![1])));
      return Promise.resolve();
    },
  } as unknown as BundleScorer;
  const numbers = rows.map((_, i) => i);
  const heldOut: HeldOut = {
    kind: 'holdout',
    rows: rows.length,
    *blocks() {
      for (const i of numbers) yield { rows: [i], texts: [String(i)], labels: [rows[i]![0]] };
    },
    text: String,
    close: () => undefined,
  };
  return [scorer, heldOut];
}

const run = (
  head: 'softmax' | 'sigmoid',
  labels: string[],
  rows: Row[],
  delimiter: string | null = null,
) => measure(...stated(head, labels, rows), delimiter, () => Promise.resolve());

describe('measure', () => {
  it('lists the most frequent mistakes with the rows where the model was surest', async () => {
    const result = await run(
      'softmax',
      ['a', 'b'],
      [
        ['a', [0.9, 0.1]],
        ['a', [0.4, 0.6]],
        ['a', [0.2, 0.8]],
        ['b', [0.7, 0.3]],
      ],
    );
    expect(result.scores.accuracy).toBe(0.25);
    expect(result.mistakes.map(({ gold, predicted, count }) => [gold, predicted, count])).toEqual([
      ['a', 'b', 2],
      ['b', 'a', 1],
    ]);
    expect(result.mistakes[0]!.examples.map(({ row }) => row)).toEqual([3, 2]);
    expect(result.worst.map(({ row }) => row)).toEqual([3, 4, 2]);
    expect(result.confusion).toEqual({
      labels: ['a', 'b'],
      counts: [
        [1, 2],
        [1, 0],
      ],
    });
  });

  it('counts rows of labels that the model does not know as mistakes, and names the labels', async () => {
    const result = await run(
      'softmax',
      ['a', 'b'],
      [
        ['a', [0.9, 0.1]],
        ['zebra', [0.9, 0.1]],
        ['zebra', [0.2, 0.8]],
      ],
    );
    expect(result.scores.accuracy).toBeCloseTo(1 / 3);
    expect(result.unknown_labels).toEqual([{ label: 'zebra', rows: 2 }]);
    expect(result.classes.at(-1)).toMatchObject({ label: 'zebra', recall: 0, support: 2 });
    expect(result.mistakes[0]).toMatchObject({ gold: 'zebra' });
  });

  it('measures each label by itself for a sigmoid head', async () => {
    const result = await run(
      'sigmoid',
      ['a', 'b', 'c'],
      [
        ['a;b', [0.9, 0.8, 0.1]],
        ['', [0.1, 0.2, 0.1]],
        ['c', [0.1, 0.9, 0.4]],
      ],
      ';',
    );
    expect(result.scores.accuracy).toBeCloseTo(2 / 3);
    expect(result.worst).toHaveLength(1);
    expect(result.worst[0]).toMatchObject({ row: 3, gold: ['c'], predicted: ['b'] });
    expect(result.confusion).toBeNull();
    expect(result.classes.map(({ threshold }) => threshold)).toEqual([0.5, 0.5, 0.5]);
  });

  it('adds up how an encoder read the rows, and says nothing of it for other models', async () => {
    const [scorer, heldOut] = stated(
      'softmax',
      ['a'],
      [
        ['a', [1]],
        ['a', [1]],
      ],
    );
    const onRows = () => Promise.resolve();
    const reading: BundleScorer = {
      ...scorer,
      score: async (...args) => {
        await scorer.score(...args);
        return { texts: 1, cut: 0, windowed: 1, empty: 0, unknown: 1 };
      },
    };
    const read = await measure(reading, heldOut, null, onRows);
    expect(read.measured_texts).toEqual({ texts: 2, cut: 0, windowed: 2, empty: 0, unknown: 2 });
    expect(await measure(scorer, heldOut, null, onRows)).not.toHaveProperty('measured_texts');
  });

  it('gives no scores without rows', async () => {
    const { scores } = await run('softmax', ['a', 'b'], []);
    expect(new Set(Object.values(scores))).toEqual(new Set([null]));
  });
});
