import { ShapeError } from './shape';
import type { Derivative } from './operation';
import type { Tensor } from './tensor';
import { ancestors } from './traversal';

/**
 * The derivatives of `loss`, one number, for each leaf, as tensors of the leaf's shape. The order in
 * which gradients are added up depends on the graph alone: equal graphs give equal bytes.
 */
export function gradients(loss: Tensor, leaves: readonly Tensor[]): Tensor[] {
  if (loss.shape.some((dim) => dim !== 1))
    throw new ShapeError('gradients', [loss.shape], 'a loss is one number');
  const order = ancestors([loss]);
  const wanted = dependents(order, leaves);
  const found = new Map<Tensor, Tensor>([[loss, loss.filled(1, loss.shape)]]);
  for (const y of order.toReversed()) {
    const dy = found.get(y);
    if (dy === undefined || y.source.kind !== 'operation') continue;
    const { parents, pull } = derivativeOf(y);
    const thunks = pull(dy, ...(y.source.outputs as [Tensor]));
    parents.forEach((parent, i) => {
      if (!wanted.has(parent)) return;
      const gradient = thunks[i]!().sumTo(parent.shape);
      found.set(parent, found.get(parent)?.add(gradient) ?? gradient);
    });
  }
  return leaves.map((leaf) => {
    const gradient = found.get(leaf);
    if (gradient === undefined)
      throw new ShapeError('gradients', [leaf.shape], 'the loss does not depend on this leaf');
    return gradient;
  });
}

const none: Derivative = { parents: [], pull: () => [] };

/** Only an operation's first output passes a gradient; the others serve its derivative. */
function derivativeOf(tensor: Tensor): Derivative {
  const { source } = tensor;
  if (source.kind !== 'operation' || source.outputs[0] !== tensor) return none;
  return source.derivative ?? none;
}

/** The tensors of an order through which a gradient reaches a leaf. */
function dependents(order: readonly Tensor[], leaves: readonly Tensor[]): Set<Tensor> {
  const reached = new Set(leaves);
  for (const tensor of order)
    if (derivativeOf(tensor).parents.some((parent) => reached.has(parent))) reached.add(tensor);
  return reached;
}
