import { bytesOf, type ElementType } from '../onnx/graph';
import type { Constant, Input, Operation, Recipe } from './operation';
import * as arrange from './operators/arrangement';
import * as elementwise from './operators/elementwise';
import { gelu, geluTanh } from './operators/gelu';
import { layerNorm } from './operators/layerNorm';
import * as product from './operators/products';
import * as reduce from './operators/reductions';
import * as select from './operators/selection';
import * as soft from './operators/softmax';
import { type Shape, ShapeError, sizeOf } from './shape';

/**
 * A value of a graph that is being built: it holds no numbers, only what it is computed from. Methods
 * give new tensors. Each operator says in its derivative how a gradient passes back, written with the
 * same methods, so that `gradients` only has to follow them; `compile` makes the ONNX graph.
 */
export class Tensor {
  constructor(
    readonly type: ElementType,
    readonly shape: Shape,
    readonly source: Input | Constant | Operation,
  ) {}

  /** The outputs of one ONNX operator: what all operators are built from. */
  apply({ inputs, further = [], type, shape, ...recipe }: Recipe): [Tensor, ...Tensor[]] {
    const tensors = inputs.map((input) => (input instanceof Tensor ? input : integers(input)));
    const element = type ?? tensors[0]!.type;
    const operation = { kind: 'operation' as const, ...recipe, inputs: tensors };
    const outputs: Tensor[] = [];
    const source: Operation = { ...operation, outputs };
    for (const each of [shape, ...further]) outputs.push(new Tensor(element, each, source));
    return outputs as [Tensor, ...Tensor[]];
  }

  /** A constant integer. */
  integer(value: number): Tensor {
    return integers([value], []);
  }

  /** A float32 constant. */
  constant(values: Float32Array, shape: Shape, name?: string): Tensor {
    return constant(values, shape, name);
  }

  /** A constant whose elements are all `value`. */
  filled(value: number, shape: Shape = []): Tensor {
    return constant(new Float32Array(sizeOf('filled', shape)).fill(value), shape);
  }

  add(other: Tensor | number): Tensor {
    return elementwise.add(this, this.#operand(other));
  }

  sub(other: Tensor | number): Tensor {
    return elementwise.sub(this, this.#operand(other));
  }

  /** Elementwise product. */
  mul(other: Tensor | number): Tensor {
    return elementwise.mul(this, this.#operand(other));
  }

  div(other: Tensor | number): Tensor {
    return elementwise.div(this, this.#operand(other));
  }

  neg(): Tensor {
    return elementwise.neg(this);
  }

  exp(): Tensor {
    return elementwise.exp(this);
  }

  log(): Tensor {
    return elementwise.log(this);
  }

  sqrt(): Tensor {
    return elementwise.sqrt(this);
  }

  tanh(): Tensor {
    return elementwise.tanh(this);
  }

  /** The error function. */
  erf(): Tensor {
    return elementwise.erf(this);
  }

  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }

  /** log(1 + eˣ), without overflow. */
  softplus(): Tensor {
    return elementwise.softplus(this);
  }

  relu(): Tensor {
    return elementwise.relu(this);
  }

  /** x·Φ(x), Φ the normal distribution function (Hendrycks and Gimpel 2016). */
  gelu(): Tensor {
    return gelu(this);
  }

  /** GELU's approximation by tanh, which Hugging Face's configurations call `gelu_new`. */
  geluTanh(): Tensor {
    return geluTanh(this);
  }

  /** Matrix product over the last two axes, either side transposed first; axes before are a batch. */
  matmul(other: Tensor, options: { transA?: boolean; transB?: boolean } = {}): Tensor {
    return product.matmul(this, other, options);
  }

  /** x·wᵀ + b over the last axis, for w [out, in] and b [out]. */
  linear(weight: Tensor, bias: Tensor): Tensor {
    return product.linear(this, weight, bias);
  }

  /** Along the last axis. */
  softmax(): Tensor {
    return soft.softmax(this);
  }

  /** Along the last axis. */
  logSoftmax(): Tensor {
    return soft.logSoftmax(this);
  }

  /** softmax(this)·values. */
  softmaxMatmul(values: Tensor): Tensor {
    return soft.softmaxMatmul(this, values);
  }

  /** Gives the last axis mean 0 and variance 1, then scales and shifts it (Ba et al. 2016). */
  layerNorm(scale: Tensor, shift: Tensor, epsilon: number): Tensor {
    return layerNorm(this, scale, shift, epsilon);
  }

  /** The sum over the axes (all when left out), which keep the size 1. */
  sum(axes?: readonly number[]): Tensor {
    return reduce.sum(this, axes ?? this.shape.map((_, axis) => axis));
  }

  /** Sums over the axes along which a tensor of that shape would be repeated to get this one's. */
  sumTo(shape: Shape): Tensor {
    return reduce.sumTo(this, shape);
  }

  /** Repeats along axes of size 1. */
  expand(shape: Shape): Tensor {
    return reduce.expand(this, shape);
  }

  reshape(shape: Shape): Tensor {
    return arrange.reshape(this, shape);
  }

  /** Axis i of the result is axis `perm[i]` of this. */
  transpose(perm: readonly number[]): Tensor {
    return arrange.transpose(this, perm);
  }

  /** The part from `start` up to, without, `end` along an axis. */
  slice(axis: number, start: number, end: number): Tensor {
    return arrange.slice(this, axis, start, end);
  }

  /** Zeros before and after along an axis. */
  pad(axis: number, before: number, after: number): Tensor {
    return arrange.pad(this, axis, before, after);
  }

  /** The rows (along axis 0) with these numbers. */
  gather(rows: Tensor): Tensor {
    return select.gather(this, rows);
  }

  /** Whether elements are equal; no gradient passes. */
  equal(other: Tensor | number): Tensor {
    return select.equal(this, this.#operand(other));
  }

  /** The same numbers as another type; no gradient passes. */
  cast(type: ElementType): Tensor {
    return select.cast(this, type);
  }

  /** 0, 1, 2, … along an axis, as int64. */
  range(axis: number): Tensor {
    return select.range(this, axis);
  }

  /** Running sums along an axis; no gradient passes. */
  cumulativeSum(axis: number): Tensor {
    return select.cumulativeSum(this, axis);
  }

  #operand(other: Tensor | number): Tensor {
    if (typeof other !== 'number') return other;
    return this.type === 'int64' ? this.integer(other) : this.filled(other);
  }
}

/** A value that the caller feeds by name. */
export function input(name: string, shape: Shape, type: ElementType = 'float32'): Tensor {
  return new Tensor(type, shape, { kind: 'input', name });
}

/** A float32 value that is part of the graph; a name is kept in it. */
export function constant(values: Float32Array, shape: Shape, name?: string): Tensor {
  if (sizeOf('constant', shape) !== values.length)
    throw new ShapeError('constant', [shape], `${values.length} values were given`);
  const source: Constant = { kind: 'constant', bytes: bytesOf(values) };
  return new Tensor('float32', shape, name === undefined ? source : { ...source, name });
}

/** An int64 value that is part of the graph. */
export function integers(values: readonly number[], shape: Shape = [values.length]): Tensor {
  const bytes = bytesOf(BigInt64Array.from(values, BigInt));
  return new Tensor('int64', shape, { kind: 'constant', bytes });
}
