import { type Shape, ShapeError } from '../shape';
import type { Tensor } from '../tensor';
import { requireType } from './requireType';

/** Mean and inverse deviation of the rows are outputs of ONNX's operator; the derivative takes them. */
export function layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor {
  requireType('layerNorm', [x, scale, shift]);
  const width = x.shape.at(-1);
  if ([scale, shift].some(({ shape }) => shape.length !== 1 || shape[0] !== width))
    throw new ShapeError(
      'layerNorm',
      [x.shape, scale.shape, shift.shape],
      'scale and shift must have the size of the last axis',
    );
  const rowwise: Shape = [...x.shape.slice(0, -1), 1];
  return x.apply({
    op: 'LayerNormalization',
    attributes: { axis: -1, epsilon: { float: epsilon } },
    inputs: [x, scale, shift],
    shape: x.shape,
    further: [rowwise, rowwise],
    derivative: {
      parents: [x, scale, shift],
      pull: (dy, _y, mean, inverse) => {
        const normal = x.sub(mean).mul(inverse);
        const share = dy.mul(normal);
        return [
          () => pullInput(dy, normal, share, scale, inverse),
          () => share.sumTo(scale.shape),
          () => dy.sumTo(shift.shape),
        ];
      },
    },
  })[0];
}

/**
 * With g = dy∘scale: (g − mean g − normal·mean(g∘normal)) · inverse deviation. The means are products
 * with scale / width: two passes less than to multiply, then to sum.
 */
function pullInput(
  dy: Tensor,
  normal: Tensor,
  share: Tensor,
  scale: Tensor,
  inverse: Tensor,
): Tensor {
  const width = scale.shape[0] as number;
  const column = scale.mul(1 / width).reshape([width, 1]);
  return dy
    .mul(scale)
    .sub(dy.matmul(column))
    .sub(normal.mul(share.matmul(column)))
    .mul(inverse);
}
