import type { ElementType } from '../../onnx/graph';
import { ShapeError } from '../shape';
import type { Tensor } from '../tensor';

/** Refuses tensors of another type here: a runtime would once the graph is loaded, and name no shapes. */
export function requireType(
  operator: string,
  tensors: readonly Tensor[],
  wanted: ElementType = 'float32',
): void {
  if (tensors.every(({ type }) => type === wanted)) return;
  throw new ShapeError(
    operator,
    tensors.map(({ shape }) => shape),
    `wanted ${wanted}, given ${tensors.map(({ type }) => type).join(' and ')}`,
  );
}
