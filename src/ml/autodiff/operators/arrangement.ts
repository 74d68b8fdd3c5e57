import { axisOf, fixed, reshapeTarget, type Shape, ShapeError } from '../shape';
import type { Constant } from '../operation';
import type { Tensor } from '../tensor';

export function reshape(x: Tensor, shape: Shape): Tensor {
  if (x.shape.join() === shape.join()) return x;
  return x.apply({
    op: 'Reshape',
    inputs: [x, reshapeTarget(x.shape, shape)],
    shape,
    derivative: { parents: [x], pull: (dy) => [() => dy.reshape(x.shape)] },
  })[0];
}

export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  const sorted = perm.toSorted((a, b) => a - b).join();
  if (sorted !== x.shape.map((_, axis) => axis).join())
    throw new ShapeError('transpose', [x.shape], `[${perm.join(', ')}] is no order of its axes`);
  if (x.source.kind === 'constant' && x.type === 'float32' && perm.join() === '1,0')
    return transposedConstant(x, x.source);
  const back = perm.map((_, axis) => perm.indexOf(axis));
  return x.apply({
    op: 'Transpose',
    attributes: { perm: [...perm] },
    inputs: [x],
    shape: perm.map((axis) => x.shape[axis]!),
    derivative: { parents: [x], pull: (dy) => [() => dy.transpose(back)] },
  })[0];
}

/** Done now: a runtime would do it whenever it loads the graph, and keep both for a while. */
function transposedConstant(x: Tensor, { bytes, name }: Constant): Tensor {
  const [rows, columns] = fixed('transpose', x.shape) as [number, number];
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * columns);
  const moved = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) moved[j * rows + i] = values[i * columns + j]!;
  return x.constant(moved, [columns, rows], name);
}

export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axisOf('slice', x.shape, axis);
  const size = x.shape[at]!;
  if (start < 0 || end <= start || (typeof size === 'number' && end > size))
    throw new ShapeError('slice', [x.shape], `there is no ${start} to ${end} on axis ${axis}`);
  return x.apply({
    op: 'Slice',
    inputs: [x, [start], [end], [at]],
    shape: x.shape.map((dim, i) => (i === at ? end - start : dim)),
    derivative: {
      parents: [x],
      pull: (dy) => [() => dy.pad(at, start, fixed('slice', x.shape)[at]! - end)],
    },
  })[0];
}

export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const at = axisOf('pad', x.shape, axis);
  const size = fixed('pad', x.shape)[at]!;
  const zeros = (count: number): number[] => x.shape.map((_, i) => (i === at ? count : 0));
  return x.apply({
    op: 'Pad',
    inputs: [x, [...zeros(before), ...zeros(after)]],
    shape: x.shape.map((dim, i) => (i === at ? size + before + after : dim)),
    derivative: { parents: [x], pull: (dy) => [() => dy.slice(at, before, before + size)] },
  })[0];
}
