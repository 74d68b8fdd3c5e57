import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts the thread that reads documents. It sees none of the process's environment. Its memory
 * limit covers objects; buffers are what `DocumentPool` watches.
 */
export function startDocumentWorker(memoryMb: number): Worker {
  const options: WorkerOptions = { env: {}, resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  const built = join(__dirname, 'documentWorker.js');
  return existsSync(built)
    ? new Worker(built, options)
    : new Worker(runFromSource, { ...options, eval: true, workerData: __dirname });
}

/** Unit tests run from TypeScript sources, which Node 20 does not load by itself. */
const runFromSource = `
  const { readFileSync } = require('node:fs');
  const { createRequire } = require('node:module');
  const { join } = require('node:path');
  const source = join(require('node:worker_threads').workerData, 'documentWorker.ts');
  const load = createRequire(source);
  const { transformSync } = load('@swc/core');
  const jsc = { target: 'es2023', parser: { syntax: 'typescript' } };
  load.extensions['.ts'] = (module, file) => {
    const options = { filename: file, jsc, module: { type: 'commonjs', ignoreDynamic: true } };
    module._compile(transformSync(readFileSync(file, 'utf8'), options).code, file);
  };
  load(source);
`;
