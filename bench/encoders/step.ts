/**
 * A training step of MiniLM's shape beside PyTorch's (float32, and bfloat16 autocast), in turn:
 *
 *   npm run build && node dist/bench/encoders/step.js [rounds=9] [threads=1,2] [shapes=32x64,16x128,8x512]
 *
 * TRAINYARD_BENCH_PYTHON names a Python that has bench/peers/requirements.txt; without it only ours is
 * timed. See `compareShapes` for what it prints.
 */
import { join } from 'node:path';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import { compareShapes, type Systems, type Work } from './compareShapes';
import { operations } from './miniLm';

const python = process.env['TRAINYARD_BENCH_PYTHON'];

function systemsOf({ rows, length, threads }: Work): Systems {
  const shape = [rows, length, threads].map(String);
  // Training runs in a process with this environment.
  const own = {
    line: [process.execPath, join(__dirname, 'ownStep.js'), ...shape],
    environment: memoryEnvironment,
  } satisfies Systems['own'];
  if (python === undefined) return { own };
  const script = join('bench', 'peers', 'encoder_step.py');
  return {
    own,
    pytorch_float32: { line: [python, script, ...shape, 'float32'] },
    pytorch_bfloat16: { line: [python, script, ...shape, 'bfloat16'] },
  };
}

void compareShapes(
  {
    bench: 'encoder step',
    systemsOf,
    operationsOf: ({ rows, length }) => operations(rows, length),
  },
  process.argv.slice(2),
);
