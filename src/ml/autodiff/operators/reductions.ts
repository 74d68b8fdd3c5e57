import { axisOf, broadcast, fixed, repeatedAxes, type Shape, ShapeError, sizeOf } from '../shape';
import type { Tensor } from '../tensor';

export function sum(x: Tensor, axes: readonly number[]): Tensor {
  const summed = new Set(axes.map((axis) => axisOf('sum', x.shape, axis)));
  if (summed.size === 0) return x;
  return x.apply({
    op: 'ReduceSum',
    inputs: [x, [...summed]],
    shape: x.shape.map((dim, axis) => (summed.has(axis) ? 1 : dim)),
    derivative: { parents: [x], pull: (dy) => [() => dy.expand(x.shape)] },
  })[0];
}

export function expand(x: Tensor, shape: Shape): Tensor {
  if (broadcast('expand', x.shape, shape).join() !== shape.join())
    throw new ShapeError('expand', [x.shape, shape], 'the second is not the first repeated');
  return x.apply({
    op: 'Expand',
    inputs: [x, fixed('expand', shape)],
    shape,
    derivative: { parents: [x], pull: (dy) => [() => dy.sumTo(x.shape)] },
  })[0];
}

export function sumTo(x: Tensor, shape: Shape): Tensor {
  const axes = repeatedAxes(shape, x.shape);
  if (axes.length === 0) return x.shape.length === shape.length ? x : x.reshape(shape);
  const onlyLeading = axes.length === x.shape.length - shape.length && shape.length > 0;
  return onlyLeading ? sumRows(x, shape) : x.sum(axes).reshape(shape);
}

/** A row of ones times the rows: ONNX Runtime's product is faster than its ReduceSum down the columns. */
function sumRows(x: Tensor, shape: Shape): Tensor {
  const width = sizeOf('sumTo', shape);
  const rows = sizeOf('sumTo', x.shape) / width;
  return x
    .filled(1, [1, rows])
    .matmul(x.reshape([rows, width]))
    .reshape(shape);
}
