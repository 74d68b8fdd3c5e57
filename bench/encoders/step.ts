/**
 * A training step of MiniLM's shape beside PyTorch's, in alternating rounds of one run:
 *
 *   node dist/bench/encoders/step.js [rounds=9] [threads=1,2] [shapes=32x64,16x128,8x512]
 *
 * TRAINYARD_BENCH_PYTHON names a Python that has torch and transformers; without it only ours is timed.
 * Prints one JSON line per shape and number of threads: medians in milliseconds, the median of the
 * paired ratios (ours / PyTorch's float32), and GFLOP/s beside those of a bare 2048³ MatMul.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compile } from '../../src/ml/autodiff/compile';
import { input } from '../../src/ml/autodiff/tensor';
import { openGraph } from '../../src/ml/onnx/graphSession';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import { emit, percentile, timed } from '../support/statistics';
import { operations, stepper } from './miniLm';

type Ask = (rows: number, length: number, threads: number, dtype: string) => Promise<number>;

/** PyTorch in a process that stays; each question is one step. */
function startPeer(python: string): { ask: Ask; stop: () => Promise<unknown> } {
  const script = join(process.cwd(), 'bench', 'peers', 'encoder_step.py');
  const own = new Set(Object.keys(memoryEnvironment));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(...question) {
      child.stdin.write(`${question.join(' ')}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error('the peer ended; what it printed stands above');
      return Number(answer.value);
    },
    stop() {
      child.stdin.end();
      return once(child, 'exit');
    },
  };
}

const bareSize = 2048;

async function bareMatMul(threads: number): Promise<number> {
  const [a, b] = ['a', 'b'].map((name) => input(name, [bareSize, bareSize]));
  const session = await openGraph(compile('bare', { c: a!.matmul(b!) }), { threads });
  const values = new Float32Array(bareSize * bareSize).fill(0.5);
  const into = { c: new Float32Array(bareSize * bareSize) };
  const times: number[] = [];
  for (let i = 0; i < 7; i++)
    times.push(await timed(() => session.run({ a: values, b: values }, into)));
  await session.close();
  return (2 * bareSize ** 3) / percentile(times, 0.5) / 1e6;
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

async function compare(
  [rows, length]: [number, number],
  threads: number,
  rounds: number,
  ask: Ask | undefined,
): Promise<void> {
  const own = stepper(rows, length, threads, 0.1);
  const times: Record<'own' | 'float32' | 'bfloat16', number[]> = {
    own: [],
    float32: [],
    bfloat16: [],
  };
  // The first two rounds open sessions and fill caches.
  for (let i = 0; i < rounds + 2; i++) {
    const found = {
      own: await own.step(),
      float32: await ask?.(rows, length, threads, 'float32'),
      bfloat16: await ask?.(rows, length, threads, 'bfloat16'),
    };
    if (i < 2) continue;
    for (const name of ['own', 'float32', 'bfloat16'] as const)
      if (found[name] !== undefined) times[name].push(found[name]);
  }
  await own.close();
  const median = (sample: number[]): number | null =>
    sample.length > 0 ? round(percentile(sample, 0.5)) : null;
  const ratios = times.float32.map((peer, i) => times.own[i]! / peer);
  emit({
    bench: 'encoder step',
    shape: `${rows}x${length}`,
    threads,
    own_ms: median(times.own),
    pytorch_float32_ms: median(times.float32),
    pytorch_bfloat16_ms: median(times.bfloat16),
    ratio: ratios.length > 0 ? round(percentile(ratios, 0.5), 3) : null,
    gflops: round(operations(rows, length) / percentile(times.own, 0.5) / 1e6),
    bare_matmul_gflops: round(await bareMatMul(threads)),
    peak_mb: round(process.resourceUsage().maxRSS / 1024, 0),
  });
}

async function main(rounds = '9', threads = '1,2', shapes = '32x64,16x128,8x512'): Promise<void> {
  const python = process.env.TRAINYARD_BENCH_PYTHON;
  const peer = python === undefined ? undefined : startPeer(python);
  for (const shape of shapes.split(','))
    for (const count of threads.split(','))
      await compare(
        shape.split('x').map(Number) as [number, number],
        Number(count),
        Number(rounds),
        peer?.ask,
      );
  await peer?.stop();
}

// Training runs in a process with this environment, which can be set only from outside.
if ('MALLOC_TOP_PAD_' in process.env) void main(...process.argv.slice(2));
else {
  const env = { ...process.env, ...memoryEnvironment };
  const { status } = spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
