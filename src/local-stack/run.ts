import { spawn } from 'node:child_process';
import { signalGroup } from './supervision/processes';

export interface RunResult {
  /** Exit code; -1 when it was killed or never started. */
  code: number;
  /** Standard output and error, its last 64 KiB. */
  output: string;
  /** True: there is no such program. */
  missing: boolean;
}

/**
 * Runs a program to its end; kills it, with what it started, after `patienceMs` or when this process
 * ends first. Never rejects.
 */
export function run(
  command: string,
  args: string[],
  options: { patienceMs: number; env?: NodeJS.ProcessEnv },
): Promise<RunResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = (): void => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    };
    const timer = setTimeout(kill, options.patienceMs);
    process.once('exit', kill);
    const end = (code: number, missing: boolean, said: string): void => {
      clearTimeout(timer);
      process.removeListener('exit', kill);
      resolve({ code, output: said, missing });
    };
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-65_536);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error: NodeJS.ErrnoException) => {
      end(-1, error.code === 'ENOENT', error.message);
    });
    child.once('close', (code) => end(code ?? -1, false, output));
  });
}
