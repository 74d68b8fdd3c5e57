/** A size, or the name of one that is known only when the graph runs (batch, length). */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Thrown while a graph is built when an operator cannot take tensors of these shapes. */
export class ShapeError extends Error {
  constructor(operator: string, shapes: readonly Shape[], reason: string) {
    super(`${operator} of ${shapes.map(describe).join(' and ')}: ${reason}`);
    this.name = 'ShapeError';
  }
}

const describe = (shape: Shape): string => `[${shape.join(', ')}]`;

/** How many elements a tensor of fixed sizes has. */
export function sizeOf(operator: string, shape: Shape): number {
  return fixed(operator, shape).reduce((a, b) => a * b, 1);
}

/** The shape's sizes, all of which the operator needs to know now. */
export function fixed(operator: string, shape: Shape): number[] {
  return shape.map((dim) => {
    if (typeof dim === 'string')
      throw new ShapeError(operator, [shape], `needs the size of ${dim} when the graph is built`);
    return dim;
  });
}

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(operator: string, shape: Shape, axis: number): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(index) || index < 0 || index >= shape.length)
    throw new ShapeError(operator, [shape], `there is no axis ${axis}`);
  return index;
}

/** The shape of an elementwise result: sizes are equal, or one of them is 1 or absent. */
export function broadcast(operator: string, a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new ShapeError(operator, [a, b], `${x} and ${y} do not go together`);
  });
}

/** The axes of `to` along which a tensor of shape `from` was repeated to give it. */
export function repeatedAxes(from: Shape, to: Shape): number[] {
  const added = to.length - from.length;
  return to.flatMap((dim, i) => (i < added || (from[i - added] === 1 && dim !== 1) ? [i] : []));
}

/** The shape of a (batched) matrix product of [..., n, k] and [..., k, m], transposed first when told. */
export function productShape(a: Shape, b: Shape, transA: boolean, transB: boolean): Dim[] {
  if (a.length < 2 || b.length < 2)
    throw new ShapeError('matmul', [a, b], 'both need two axes or more');
  const [n, inner] = lastTwo(a, transA);
  const [other, m] = lastTwo(b, transB);
  if (inner !== other)
    throw new ShapeError('matmul', [a, b], `the inner sizes ${inner} and ${other} differ`);
  return [...broadcast('matmul', a.slice(0, -2), b.slice(0, -2)), n, m];
}

function lastTwo(shape: Shape, swapped: boolean): [Dim, Dim] {
  const [x, y] = [shape.at(-2)!, shape.at(-1)!];
  return swapped ? [y, x] : [x, y];
}

/**
 * The numbers that ONNX's Reshape wants for `to`: a size that is known only later may stay where it
 * is (0), and one of them may take what is left (−1).
 */
export function reshapeTarget(from: Shape, to: Shape): number[] {
  const open = to.filter((dim, i) => typeof dim === 'string' && dim !== from[i]);
  if (product(from) !== product(to) || open.length > 1)
    throw new ShapeError('reshape', [from, to], 'the elements are not as many');
  return to.map((dim, i) => {
    if (typeof dim === 'number') return dim;
    return dim === from[i] ? 0 : -1;
  });
}

/** Fixed sizes multiplied, named ones in order: equal for shapes of equally many elements. */
function product(shape: Shape): string {
  const names = shape.filter((dim) => typeof dim === 'string').sort();
  const size = shape.reduce<number>((a, dim) => (typeof dim === 'number' ? a * dim : a), 1);
  return [size, ...names].join('×');
}
