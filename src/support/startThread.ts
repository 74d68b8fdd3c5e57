import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread on a module of ours, built or, in unit tests, as it stands.
 *
 * @param folder the module's folder, `__dirname` of who starts it
 * @param name the module's file without its ending
 */
export function startThread(folder: string, name: string, options: WorkerOptions = {}): Worker {
  const built = join(folder, `${name}.js`);
  return existsSync(built)
    ? new Worker(built, options)
    : new Worker(compileAndRun(join(folder, `${name}.ts`)), { ...options, eval: true });
}

/**
 * Unit tests run from TypeScript, which Node 20 does not load: their threads compile what they load,
 * as jest does. Imports of packages at run time stay as they are, for what can be loaded no other way; our
 * own name the built file, whose source is loaded.
 */
function compileAndRun(source: string): string {
  return `
    const file = ${JSON.stringify(source)};
    const load = require('node:module').createRequire(file);
    const { transformFileSync } = load('@swc/core');
    const jsc = { target: 'es2023', parser: { syntax: 'typescript' } };
    const options = { jsc, module: { type: 'commonjs', ignoreDynamic: true }, sourceMaps: 'inline' };
    const own = /import\\((['"])(\\.[^'"]*)\\.js\\1\\)/g;
    load.extensions['.ts'] = (module, filename) => {
      const { code } = transformFileSync(filename, options);
      const loaded = code.replace(own, (_, quote, path) => 'Promise.resolve(require("' + path + '"))');
      module._compile(loaded, filename);
    };
    load(file);
  `;
}
