import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Starts a thread on a module of ours, built or, in unit tests, as it stands. */
export function startThread(dir: string, module: string, workerData: unknown): Worker {
  const built = join(dir, `${module}.js`);
  return existsSync(built)
    ? new Worker(built, { workerData })
    : new Worker(compileAndRun(join(dir, `${module}.ts`)), { workerData, eval: true });
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
