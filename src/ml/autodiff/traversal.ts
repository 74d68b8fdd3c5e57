import type { Tensor } from './tensor';

/** The tensors that these are computed from, themselves included; each stands after its inputs. */
export function ancestors(tensors: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>();
  const order: Tensor[] = [];
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    if (tensor.source.kind === 'operation') tensor.source.inputs.forEach(visit);
    order.push(tensor);
  };
  for (const tensor of tensors) visit(tensor);
  return order;
}
