import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { run } from '../../src/local-stack/run';

const root = resolve(__dirname, '../..');
const dist = join(root, 'dist');

/** All that is written outside of the kind's own folders: that it is there, in each of three lists. */
const registrations = [
  {
    file: 'src/model-types/registry.ts',
    first: "import { meanLength } from './mean-length';",
    list: '[nlpText, nlpDoc',
    entry: ', meanLength',
  },
  {
    file: 'workflows/index.ts',
    first: "export { trainMeanLength } from './trainMeanLength';",
    list: '',
    entry: '',
  },
  {
    file: 'api/v2/train/routes.ts',
    first: "import { meanLength } from './mean-length';",
    list: '[trainingRoute(nlpText)',
    entry: ', trainingRoute(meanLength)',
  },
];

/**
 * The built product with the kind of `test/new-kind/kind` in it, as if its files lay among the others and
 * it had been registered.
 * @returns the program, and what removes it
 */
export async function programWithKind(): Promise<{ program: string; remove(): void }> {
  const folder = mkdtempSync(join(dist, 'new-kind-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const rooms = ['src', 'activities', 'workflows', 'api', 'cli', 'migrations', 'package.json'];
    for (const room of rooms) {
      cpSync(join(dist, room), join(folder, room), { recursive: true });
    }
    cpSync(join(dist, 'test/new-kind/kind'), folder, { recursive: true });
    for (const { file, first, list, entry } of registrations) {
      const source = readFileSync(join(root, file), 'utf8');
      if (!source.includes(list)) throw new Error(`${file} has no ${list}`);
      const registered = `${first}\n${source.replace(list, list + entry)}`;
      const { outputText } = transpileModule(registered, {
        compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023 },
      });
      writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), outputText);
    }
    forgetSourceMaps(join(folder, 'workflows'));
    const bundle = join(folder, 'cli', 'bundleWorkflows.js');
    const { code, output } = await run(process.execPath, [bundle], { patienceMs: 120_000 });
    if (code !== 0) throw new Error(`the workflows cannot be bundled:\n${output}`);
    return { program: join(folder, 'cli', 'main.js'), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The bundler would look for sources where the files were built. */
function forgetSourceMaps(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}
