import type { HeadLabels } from '../../ml/heads/labels';
import { labelledWindows, targetsOf, totalOf, trainingLengths } from './windows';

const rows = [3, 8, 8, 5].map((length) => new Int32Array(length));
const counts = { texts: 3, cut: 0, windowed: 1, empty: 0, unknown: 0 };
const tokenized = { rows, texts: Int32Array.of(0, 1, 1, 2), counts };

test('the windows of a text weigh as much together as a text of one', () => {
  const labels: HeadLabels = { kind: 'softmax', classes: 2, classOf: Int32Array.of(0, 1, 0) };
  const windows = labelledWindows(tokenized, labels);
  const chosen = Int32Array.of(0, 1, 2);
  expect([...targetsOf(windows, chosen)]).toEqual([1, 0, 0, 0.5, 0, 0.5]);
  expect(totalOf(windows, chosen)).toBe(2);
});

test('each window of a text has all of its labels', () => {
  const labels: HeadLabels = {
    kind: 'sigmoid',
    classes: 2,
    offsets: Int32Array.of(0, 0, 2, 3),
    labels: Int32Array.of(0, 1, 1),
  };
  const windows = labelledWindows(tokenized, labels);
  expect([...targetsOf(windows, Int32Array.of(0, 2, 3))]).toEqual([0, 0, 1, 1, 0, 1]);
  expect(totalOf(windows, Int32Array.of(0, 2, 3))).toBe(6);
});

test('lengths are merged where it adds the least padding', () => {
  const tokens = [...new Array<number>(50).fill(10), 20, 30, 40, ...new Array<number>(9).fill(90)];
  expect(trainingLengths(tokens, 9)).toEqual([16, 32, 48, 90]);
  expect(trainingLengths(tokens, 3)).toEqual([16, 48, 90]);
  expect(trainingLengths([], 3)).toEqual([]);
});
