import type { Attribute, Domain, ElementType } from '../onnx/graph';
import type { Shape } from './shape';
import type { Tensor } from './tensor';

/** A value that the caller feeds each time the graph runs. */
export interface Input {
  kind: 'input';
  name: string;
}

/** A value that is part of the graph. */
export interface Constant {
  kind: 'constant';
  /** Kept in the graph. Constants without a name are numbered, and equal ones written once. */
  name?: string;
  bytes: Uint8Array;
}

/** One ONNX operator applied to tensors. */
export interface Operation {
  kind: 'operation';
  op: string;
  domain?: Domain | undefined;
  inputs: readonly Tensor[];
  attributes?: Record<string, Attribute> | undefined;
  outputs: readonly Tensor[];
  derivative?: Derivative | undefined;
}

/** The vector-Jacobian product of an operation's first output. */
export interface Derivative {
  /**
   * What the gradient passes to: most often the operation's inputs. They may stand further back: then
   * what lies between needs no derivative of its own.
   */
  parents: readonly Tensor[];
  /**
   * The loss's gradient for each parent, from `dy`, the one for the first output; `y` and `further` are
   * the outputs. Sums over broadcast axes are added by `gradients`. Thunks: a gradient that nobody asks
   * for adds nothing to the graph.
   */
  pull: (dy: Tensor, y: Tensor, ...further: Tensor[]) => readonly (() => Tensor)[];
}

/** An operation as its operator describes it; `Tensor.apply` makes it. */
export interface Recipe {
  op: string;
  domain?: Domain | undefined;
  /** Bare numbers become a constant list of int64. */
  inputs: readonly (Tensor | readonly number[])[];
  attributes?: Record<string, Attribute> | undefined;
  shape: Shape;
  /** The type of the first input when left out. */
  type?: ElementType;
  /** Shapes of further outputs. */
  further?: readonly Shape[];
  derivative?: Derivative;
}
