import { spawn } from 'node:child_process';

export interface RunResult {
  /** Exit code; -1 when it was killed or never started. */
  code: number;
  /** Standard output and error, its last 64 KiB. */
  output: string;
  /** True: there is no such program. */
  missing: boolean;
}

/** Runs a program to its end; kills it after `patienceMs`. Never rejects. */
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
      timeout: options.patienceMs,
      killSignal: 'SIGKILL',
    });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-65_536);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: -1, output: error.message, missing: error.code === 'ENOENT' });
    });
    child.once('close', (code) => resolve({ code: code ?? -1, output, missing: false }));
  });
}
