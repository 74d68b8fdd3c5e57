import { compile } from '../../src/ml/autodiff/compile';
import { input } from '../../src/ml/autodiff/tensor';
import { openGraph } from '../../src/ml/onnx/graphSession';
import { percentile, timed } from '../support/statistics';

const size = 2048;

/** GFLOP/s of a 2048³ product alone: what the machine gives at most. */
export async function bareMatMul(threads: number): Promise<number> {
  const [a, b] = ['a', 'b'].map((name) => input(name, [size, size]));
  const session = await openGraph(compile('bare', { c: a!.matmul(b!) }), { threads });
  const values = new Float32Array(size * size).fill(0.5);
  const into = { c: new Float32Array(size * size) };
  const times: number[] = [];
  for (let i = 0; i < 7; i++)
    times.push(await timed(() => session.run({ a: values, b: values }, into)));
  await session.close();
  return (2 * size ** 3) / percentile(times, 0.5) / 1e6;
}
