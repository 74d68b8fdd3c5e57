import { openGraph } from '../../onnx/graphSession';
import { compile } from '../compile';
import { gradients } from '../gradients';
import { constant, input, type Tensor } from '../tensor';

/** Values spread over ±1.3, none near 0, where relu has its corner. */
export function values(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    const v = Math.sin(1.7 * i + 2.3 * phase + 0.4);
    return v + 0.3 * Math.sign(v);
  });
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What is differentiated: a function of tensors of these shapes. */
export interface Case {
  shapes: number[][];
  build: (...x: Tensor[]) => Tensor;
  /** Keeps the operands where the function is defined. */
  positive?: boolean;
}

/**
 * The loss weighs the output's elements differently, so that no error hides in a sum; its derivative
 * along a direction is compared with a central difference, for each operand.
 */
export async function checkDerivative({ shapes, build, positive = false }: Case): Promise<void> {
  const leaves = shapes.map((shape, i) => input(`x${i}`, shape));
  const y = build(...leaves);
  const shape = y.shape as number[];
  const loss = y
    .mul(constant(values(sizeOf(shape), 7), shape))
    .sum()
    .reshape([]);
  const names = leaves.map((_, i) => `d${i}`);
  const outputs = gradients(loss, leaves).map((d, i) => [names[i]!, d] as const);
  const graph = compile('check', { loss, ...Object.fromEntries(outputs) });
  const session = await openGraph(graph, { threads: 1 });
  const points = shapes.map((s, i) =>
    values(sizeOf(s), i).map((v) => (positive ? Math.abs(v) : v)),
  );
  const feedsOf = (all: Float32Array[]): Record<string, Float32Array> =>
    Object.fromEntries(graph.inputs.map(({ name }) => [name, all[Number(name.slice(1))]!]));
  const lossAt = async (all: Float32Array[]): Promise<number> => {
    const into = { loss: new Float32Array(1) };
    await session.run(feedsOf(all), into);
    return into.loss[0]!;
  };
  const found = shapes.map((s) => new Float32Array(sizeOf(s)));
  await session.run(feedsOf(points), Object.fromEntries(names.map((n, i) => [n, found[i]!])));
  for (const [i, point] of points.entries()) {
    const direction = values(point.length, 3 + i);
    const moved = (step: number): Float32Array[] =>
      points.map((p, j) => (j === i ? p.map((v, k) => v + step * direction[k]!) : p));
    const step = 1e-2;
    const difference = ((await lossAt(moved(step))) - (await lossAt(moved(-step)))) / (2 * step);
    const product = found[i]!.reduce((sum, d, k) => sum + d * direction[k]!, 0);
    expect(Math.abs(product - difference)).toBeLessThan(2e-3 * Math.max(1, Math.abs(difference)));
  }
  await session.close();
}
