import { assembleModel } from './assembleModel';

const buckets = Uint32Array.of(30, 10, 20);
const scales = Float32Array.of(3, 1, 2);

test('rows stand in the order of their buckets and carry the calibration', async () => {
  const model = await assembleModel({
    head: 'sigmoid',
    labels: ['a', 'b'],
    buckets,
    scales,
    calibration: { scale: Float64Array.of(2, 10), shift: Float64Array.of(0.5, -1) },
    weightsOf: (problem) =>
      Promise.resolve(Float64Array.of(3 + problem, 1 + problem, 2 + problem, 7 + problem)),
  });
  expect([...model.buckets]).toEqual([10, 20, 30]);
  expect([...model.scales]).toEqual([1, 2, 3]);
  expect([...model.weights]).toEqual([2, 20, 4, 30, 6, 40]);
  expect([...model.bias]).toEqual([14.5, 79]);
});

test('two labels of which a text has one share one problem, half of its logit each', async () => {
  const model = await assembleModel({
    head: 'softmax',
    labels: ['no', 'yes'],
    buckets,
    scales,
    calibration: { scale: Float64Array.of(4), shift: Float64Array.of(1) },
    weightsOf: () => Promise.resolve(Float64Array.of(3, 1, 2, 0.5)),
  });
  expect([...model.weights]).toEqual([-2, 2, -4, 4, -6, 6]);
  expect([...model.bias]).toEqual([-1.5, 1.5]);
});
