import { elementType, type ElementType } from '../../onnx/graph';
import { axisOf, broadcast, sizeOf } from '../shape';
import type { Tensor } from '../tensor';
import { requireType } from './requireType';

/**
 * Rows by their numbers. The derivative is a product with one-hot rows, which suits small tables; the
 * rows of large ones are gathered outside the graph.
 */
export function gather(table: Tensor, rows: Tensor): Tensor {
  requireType('gather', [rows], 'int64');
  const [count, ...row] = table.shape;
  const pull = (dy: Tensor): Tensor => {
    const picked = sizeOf('gather', rows.shape);
    const size = sizeOf('gather', [count!]);
    const [hot] = rows.apply({
      op: 'Equal',
      inputs: [rows.reshape([picked, 1]), Array.from({ length: size }, (_, i) => i)],
      shape: [picked, size],
      type: 'bool',
    });
    const width = sizeOf('gather', row);
    const flat = hot.cast('float32').matmul(dy.reshape([picked, width]), { transA: true });
    return flat.reshape(table.shape);
  };
  return table.apply({
    op: 'Gather',
    attributes: { axis: 0 },
    inputs: [table, rows],
    shape: [...rows.shape, ...row],
    derivative: { parents: [table], pull: (dy) => [() => pull(dy)] },
  })[0];
}

export function equal(a: Tensor, b: Tensor): Tensor {
  requireType('equal', [b], a.type);
  const shape = broadcast('equal', a.shape, b.shape);
  return a.apply({ op: 'Equal', inputs: [a, b], shape, type: 'bool' })[0];
}

export function cast(x: Tensor, type: ElementType): Tensor {
  const attributes = { to: elementType[type] };
  return x.apply({ op: 'Cast', attributes, inputs: [x], shape: x.shape, type })[0];
}

/** 0, 1, 2, … along an axis, whatever its size will be. */
export function range(x: Tensor, axis: number): Tensor {
  const at = axisOf('range', x.shape, axis);
  const [size] = x.apply({
    op: 'Shape',
    attributes: { start: at, end: at + 1 },
    inputs: [x],
    shape: [1],
    type: 'int64',
  });
  const [zero, one] = [size.integer(0), size.integer(1)];
  const inputs = [zero, size.reshape([]), one];
  return zero.apply({ op: 'Range', inputs, shape: [x.shape[at]!] })[0];
}

/** Running sums along an axis. */
export function cumulativeSum(x: Tensor, axis: number): Tensor {
  const at = axisOf('cumulativeSum', x.shape, axis);
  return x.apply({ op: 'CumSum', inputs: [x, x.integer(at)], shape: x.shape })[0];
}
