import { spawnSync } from 'node:child_process';

/** One line of figures of own.ts or of a script in bench/peers. What a system has not is left out. */
export interface SystemFigures {
  system: string;
  /** From the rows in memory to a model on the disk. */
  train_s?: number;
  /** The processor's time for it. */
  train_cpu_s?: number;
  passes?: number;
  train_peak_mb?: number;
  /** Of the first time through the test part, and of the following ones. */
  first_tokens_per_s: number;
  tokens_per_s: number;
  /** By the processor's time. */
  tokens_per_cpu_s: number;
  predict_peak_mb?: number;
  model_mb?: number;
}

/**
 * Runs a system on one core, which TRAINYARD_BENCH_CORE names (default 0), in a process of its own, so that its
 * peak memory is its own. Throws with what it printed when it fails.
 */
export function runOnOneCore(command: string[]): SystemFigures {
  const core = process.env.TRAINYARD_BENCH_CORE ?? '0';
  const args = ['-c', core, ...command];
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const done = spawnSync('taskset', args, { encoding: 'utf8', maxBuffer: 1 << 26, env });
  if (done.status !== 0) {
    throw new Error(`${args.join(' ')}: ${done.error?.message ?? done.stderr.slice(-2000)}`);
  }
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as SystemFigures;
}
