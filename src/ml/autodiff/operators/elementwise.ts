import { broadcast, ShapeError } from '../shape';
import type { Tensor } from '../tensor';
import { requireType } from './requireType';

/** The loss's gradients for both operands, before sums over broadcast axes. */
type Pair = (dy: Tensor, y: Tensor) => [() => Tensor, () => Tensor];

function binary(op: string, a: Tensor, b: Tensor, pull: Pair): Tensor {
  if (a.type !== b.type || a.type === 'bool')
    throw new ShapeError(op, [a.shape, b.shape], `${a.type} and ${b.type} do not go together`);
  const shape = broadcast(op, a.shape, b.shape);
  return a.apply({ op, inputs: [a, b], shape, derivative: { parents: [a, b], pull } })[0];
}

function unary(op: string, x: Tensor, pull: (dy: Tensor, y: Tensor) => Tensor): Tensor {
  requireType(op, [x], op === 'Neg' && x.type === 'int64' ? 'int64' : 'float32');
  const derivative = {
    parents: [x],
    pull: (dy: Tensor, y: Tensor) => [() => pull(dy, y)],
  };
  return x.apply({ op, inputs: [x], shape: x.shape, derivative })[0];
}

export function add(a: Tensor, b: Tensor): Tensor {
  return binary('Add', a, b, (dy) => [() => dy, () => dy]);
}

export function sub(a: Tensor, b: Tensor): Tensor {
  return binary('Sub', a, b, (dy) => [() => dy, () => dy.neg()]);
}

export function mul(a: Tensor, b: Tensor): Tensor {
  return binary('Mul', a, b, (dy) => [() => dy.mul(b), () => dy.mul(a)]);
}

export function div(a: Tensor, b: Tensor): Tensor {
  return binary('Div', a, b, (dy, y) => [() => dy.div(b), () => dy.mul(y).div(b).neg()]);
}

export function neg(x: Tensor): Tensor {
  return unary('Neg', x, (dy) => dy.neg());
}

export function exp(x: Tensor): Tensor {
  return unary('Exp', x, (dy, y) => dy.mul(y));
}

export function log(x: Tensor): Tensor {
  return unary('Log', x, (dy) => dy.div(x));
}

export function sqrt(x: Tensor): Tensor {
  return unary('Sqrt', x, (dy, y) => dy.div(y).mul(0.5));
}

export function tanh(x: Tensor): Tensor {
  return unary('Tanh', x, (dy, y) => dy.sub(dy.mul(y).mul(y)));
}

export function erf(x: Tensor): Tensor {
  return unary('Erf', x, (dy) => dy.mul(x.mul(x).neg().exp()).mul(2 / Math.sqrt(Math.PI)));
}

export function sigmoid(x: Tensor): Tensor {
  return unary('Sigmoid', x, (dy, y) => dy.mul(y).mul(y.neg().add(1)));
}

export function softplus(x: Tensor): Tensor {
  return unary('Softplus', x, (dy) => dy.mul(x.sigmoid()));
}

export function relu(x: Tensor): Tensor {
  return unary('Relu', x, (dy, y) => {
    const [step] = y.apply({ op: 'Sign', inputs: [y], shape: y.shape });
    return dy.mul(step);
  });
}
