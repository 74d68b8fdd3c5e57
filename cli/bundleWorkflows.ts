import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bundles the compiled workflows for workers, so that none of them bundles at start. */
const dist = join(__dirname, '..');
const entry = join(dist, 'workflows', 'index.js');
const bundle = join(dist, 'workflow-bundle.js');

/** Whether nothing that the bundle may hold is newer than it. */
function isFresh(): boolean {
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return false;
  return newest(join(dist, 'workflows')) < made && newest(join(dist, 'src')) < made;
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.js'))
    .reduce(
      (latest, file) => Math.max(latest, statSync(join(file.parentPath, file.name)).mtimeMs),
      0,
    );
}

/** A workflow that only works by luck must not ship: what webpack warns of is an error here. */
async function build(): Promise<void> {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const warnings: string[] = [];
  const { code } = await bundleWorkflowCode({
    workflowsPath: entry,
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        (compiler) => {
          compiler.hooks.done.tap('trainyard', ({ compilation }) => {
            warnings.push(...compilation.warnings.map(({ message }) => message));
          });
        },
      ],
    }),
  });
  if (warnings.length > 0) {
    throw new Error(`the bundle of workflows has warnings:\n${warnings.join('\n')}`);
  }
  writeFileSync(`${bundle}.new`, code);
  renameSync(`${bundle}.new`, bundle);
}

if (!isFresh()) {
  build().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
