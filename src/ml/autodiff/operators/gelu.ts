import type { Tensor } from '../tensor';

/**
 * ONNX Runtime knows the forward formula when it divides by √2, and runs it as one kernel. The
 * derivative, Φ(x) + x·φ(x), is written in z = x/√2, where it takes the fewest passes over memory:
 * ½·(1 + erf z + (2/√π)·z/exp z²). Where exp overflows the quotient is 0, as it should be.
 */
export function gelu(x: Tensor): Tensor {
  return half(x, x.div(Math.SQRT2).erf().add(1).mul(x), (dy) => {
    const z = x.mul(Math.SQRT1_2);
    const density = z.div(z.mul(z).exp()).mul(2 / Math.sqrt(Math.PI));
    return z.erf().add(density).add(1).mul(dy).mul(0.5);
  });
}

/**
 * ½·x·(1 + t), t = tanh(√(2/π)·(x + 0.044715·x³)); the derivative is
 * ½·(1 + t)·(1 + x·(1 − t)·√(2/π)·(1 + 3·0.044715·x²)).
 */
export function geluTanh(x: Tensor): Tensor {
  const root = Math.sqrt(2 / Math.PI);
  const t = x.mul(x).mul(0.044715).add(1).mul(x).mul(root).tanh();
  const grown = t.add(1);
  return half(x, x.mul(grown), (dy) => {
    const inner = x
      .mul(x)
      .mul(3 * 0.044715 * root)
      .add(root)
      .mul(x);
    return inner.mul(t.neg().add(1)).add(1).mul(grown).mul(dy).mul(0.5);
  });
}

/** `twice`/2, with a derivative for x that does not go through what `twice` was computed from. */
function half(x: Tensor, twice: Tensor, pull: (dy: Tensor) => Tensor): Tensor {
  return twice.apply({
    op: 'Mul',
    inputs: [twice, twice.filled(0.5)],
    shape: twice.shape,
    derivative: { parents: [x], pull: (dy) => [() => pull(dy)] },
  })[0];
}
