import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocationCommand, type CommandLine } from './command';
import { inNamespaces } from './namespaces';
import { withPermissions } from './permissions';
import type { ConfinedFolders } from './visibleEntries';

type Way = 'namespaces' | 'permissions';

/** How allocations of this machine are confined. */
export interface Confinement {
  by: Way | 'nothing';
  /** What holds, and why not more: one line for the operator. */
  detail: string;
}

const ways: Record<Way, (line: CommandLine, folders: ConfinedFolders) => CommandLine | undefined> =
  { namespaces: inNamespaces, permissions: withPermissions };

let known: Confinement | undefined;

/** Finds out once, by trying, how far this machine can confine allocations. */
export function confinement(): Confinement {
  known ??= findConfinement();
  return known;
}

/**
 * How a stage is confined: wherever there are namespaces, and by Node's rules only what reads the files of
 * strangers, as those rules reach into every call of a library.
 */
export function confinementOf(job: { readsUploads: boolean }): Confinement['by'] {
  const { by } = confinement();
  return by === 'permissions' && !job.readsUploads ? 'nothing' : by;
}

/** The command line, confined in this way. */
export function confine(
  line: CommandLine,
  folders: ConfinedFolders,
  by: Confinement['by'],
): CommandLine {
  if (by === 'nothing') return line;
  mkdirSync(folders.root, { recursive: true });
  return ways[by](line, folders) ?? line;
}

function findConfinement(): Confinement {
  const noNamespaces = failureOf('namespaces');
  if (noNamespaces === undefined) {
    const detail = 'allocations have no network and see their own files alone';
    return { by: 'namespaces', detail };
  }
  const noPermissions = failureOf('permissions');
  if (noPermissions === undefined) {
    const detail = `allocations that read uploads see their own files alone, by Node's rules; their network is open: ${noNamespaces}`;
    return { by: 'permissions', detail };
  }
  const detail = `allocations can do all that their worker can: ${noNamespaces}; ${noPermissions}`;
  return { by: 'nothing', detail };
}

/** What a stage does, and what it must not be able to do, in its thread and in others. */
const trial = `
const [runtime, other, network] = process.argv.slice(1);
require(runtime);
require('node:fs').writeFileSync('written', '');
const look = \`(other) => {
  try { require('node:fs').readFileSync(other); } catch { return; }
  throw new Error('files of others can be read');
}\`;
eval(look)(other);
if (network === 'none' && Object.keys(require('node:os').networkInterfaces()).length > 0) {
  throw new Error('there is a network');
}
const { Worker } = require('node:worker_threads');
const code = '(' + look + ')(' + JSON.stringify(other) + ')';
new Worker(code, { eval: true, env: {} }).once('exit', (status) => process.exit(status));`;

/** Why this machine cannot confine in this way; undefined when it can. */
function failureOf(way: Way): string | undefined {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-confinement-')));
  try {
    const [inputs, work, root] = ['inputs', 'outputs', 'root'].map((name) => {
      mkdirSync(join(folder, name));
      return join(folder, name);
    }) as [string, string, string];
    const other = join(folder, 'other');
    writeFileSync(other, '');
    const runtime = createRequire(__filename).resolve('onnxruntime-node');
    const plain = allocationCommand('-e', 500, 1);
    const args = [...plain.args, trial, runtime, other, way === 'namespaces' ? 'none' : 'any'];
    const folders = { root, inputs, work, writable: [work] };
    const line = ways[way]({ command: plain.command, args }, folders);
    return line ? failureOfTrial(line, work) : 'namespaces need Linux and util-linux';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function failureOfTrial({ command, args }: CommandLine, cwd: string): string | undefined {
  const env = { PATH: process.env.PATH ?? '' };
  const done = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 60_000 });
  if (done.status === 0) return undefined;
  const said = done.stderr.split('\n').filter((text) => /\S/.test(text));
  const reason = said.find((text) => text.includes('Error:')) ?? said[0];
  return (reason ?? `the trial ended with ${String(done.status ?? done.signal)}`)
    .trim()
    .slice(0, 200);
}
