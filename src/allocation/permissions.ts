import type { CommandLine } from './command';
import { type ConfinedFolders, ourCode } from './visibleEntries';

/** Stages start threads and load ONNX Runtime; Node warns of both, and Node 20 of the model itself. */
const allowed = [
  ...['--allow-worker', '--allow-addons'],
  ...['--disable-warning=SecurityWarning', '--disable-warning=ExperimentalWarning'],
];

/**
 * A command line that runs Node with its own permission model: it opens no files but our code and the given
 * folders, and starts no programs. It does not hold libraries in machine code back, and leaves the network open.
 */
export function withPermissions(
  { command, args }: CommandLine,
  { inputs, writable }: ConfinedFolders,
): CommandLine {
  const line = [command, ...args];
  const node = line.indexOf(process.execPath) + 1;
  // Its name since Node 22.13.
  const named = process.allowedNodeEnvironmentFlags.has('--permission');
  const flags = [
    named ? '--permission' : '--experimental-permission',
    ...allowed,
    ...[...ourCode, inputs, ...writable].map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
  ];
  return { command: line[0]!, args: [...line.slice(1, node), ...flags, ...line.slice(node)] };
}
