import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SolverData } from './solverMessages';

/** Starts a solver thread. */
export function startSolver(data: SolverData): Worker {
  const built = join(__dirname, 'solverThread.js');
  return existsSync(built)
    ? new Worker(built, { workerData: data })
    : new Worker(compileAndRun(join(__dirname, 'solverThread.ts')), {
        workerData: data,
        eval: true,
      });
}

/** Unit tests run from TypeScript: their threads compile what they load, as jest does. */
function compileAndRun(source: string): string {
  return `
    const file = ${JSON.stringify(source)};
    const load = require('node:module').createRequire(file);
    const { transformFileSync } = load('@swc/core');
    load.extensions['.ts'] = (module, filename) => module._compile(
      transformFileSync(filename, {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      }).code,
      filename,
    );
    load(file);
  `;
}
