import { sigmoidFit, sigmoidSlope, softmaxScale, softmaxSlope } from './calibration';

const rows = 30;
const labels = 3;
/** The margins of bench/peers/linear_reference.py. */
const margins = Float32Array.from(
  { length: rows * labels },
  (_, i) => (((Math.floor(i / labels) * 5 + (i % labels) * 7) % 13) - 6) / 5,
);
const truth = Int32Array.from({ length: rows }, (_, row) => {
  if (row % 4 === 0) return (row / 4) % 3;
  const own = margins.subarray(row * labels, (row + 1) * labels);
  return own.indexOf(Math.max(...own));
});
const step = 1e-4;

test('the slope of the softmax loss is that of finite differences', () => {
  for (const scale of [0.3, 1, 4]) {
    const { slope, curvature } = softmaxSlope(margins, truth, labels, scale);
    const up = softmaxSlope(margins, truth, labels, scale + step);
    const down = softmaxSlope(margins, truth, labels, scale - step);
    expect(slope).toBeCloseTo((up.loss - down.loss) / (2 * step), 6);
    expect(curvature).toBeCloseTo((up.slope - down.slope) / (2 * step), 6);
  }
});

test('the scale is the one that scipy finds', () => {
  // python bench/peers/linear_reference.py
  expect(softmaxScale(margins, truth, labels)).toBeCloseTo(1.4961674798071687, 5);
});

test('where every row is right the scale stays finite', () => {
  const right = Int32Array.from({ length: rows }, (_, row) => {
    const own = margins.subarray(row * labels, (row + 1) * labels);
    return own.indexOf(Math.max(...own));
  });
  const scale = softmaxScale(margins, right, labels);
  expect(scale).toBeGreaterThan(1);
  expect(scale).toBeLessThan(1000);
});

const own = margins.subarray(0, rows);
const has = Uint8Array.from({ length: rows }, (_, row) =>
  own[row]! > 0.2 !== (row % 5 === 0) ? 1 : 0,
);

test('the gradient of the sigmoid loss is that of finite differences', () => {
  const at = (scale: number, shift: number) => sigmoidSlope(own, has, [scale, shift]);
  const { gradient, curvature } = at(1.3, -0.4);
  expect(gradient[0]).toBeCloseTo(
    (at(1.3 + step, -0.4).loss - at(1.3 - step, -0.4).loss) / (2 * step),
    6,
  );
  expect(gradient[1]).toBeCloseTo(
    (at(1.3, -0.4 + step).loss - at(1.3, -0.4 - step).loss) / (2 * step),
    6,
  );
  const bySh = (i: 0 | 1) =>
    (at(1.3, -0.4 + step).gradient[i] - at(1.3, -0.4 - step).gradient[i]) / (2 * step);
  expect(curvature[1]).toBeCloseTo(bySh(0), 6);
  expect(curvature[2]).toBeCloseTo(bySh(1), 6);
});

test('the fitted sigmoid has no slope left, and leans on its prior where rows are few', () => {
  const fitted = sigmoidFit(own, has, [1, 0], 1e-9);
  const { gradient } = sigmoidSlope(own, has, fitted);
  expect(gradient[0]).toBeCloseTo(0, 4);
  expect(gradient[1]).toBeCloseTo(0, 4);
  const none = sigmoidFit(new Float32Array(0), new Uint8Array(0), [4, -1], 1);
  expect(none).toEqual([4, -1]);
  const pulled = sigmoidFit(own, has, [4, -1], 1e6);
  expect(pulled[0]).toBeCloseTo(4, 3);
  expect(pulled[1]).toBeCloseTo(-1, 3);
});

test('margins that fall where they should rise are not turned around: the shift alone is fitted', () => {
  const turned = own.map((margin) => -margin);
  const [scale, shift] = sigmoidFit(turned, has, [2, 0], 1e-9);
  expect(scale).toBe(0.02);
  const { gradient } = sigmoidSlope(turned, has, [scale, shift]);
  expect(gradient[1]).toBeCloseTo(0, 5);
  const lossAt = (point: [number, number]) => sigmoidSlope(turned, has, point).loss;
  expect(lossAt([scale, shift])).toBeLessThan(lossAt([2 * scale, shift]));
});
