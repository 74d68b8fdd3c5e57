import { spawn, type ChildProcess } from 'node:child_process';
import { readStack, type StackRecord } from '../../src/local-stack/stackFile';
import { until } from './poll';
import { findProcesses, goFirst, killTree } from './processes';
import { program, runProgram, scratchFolder } from './shared';

/** `trainyard up` as a person starts it, in a home of its own. */
export class Stack {
  private child?: ChildProcess;
  printed = '';
  readonly home = scratchFolder('up');
  readonly env: NodeJS.ProcessEnv;

  /** @param env variables beyond home and port */
  constructor(env: Record<string, string> = {}) {
    this.env = { ...process.env, TRAINYARD_HOME: this.home, TRAINYARD_PORT: '0', ...env };
  }

  async start(): Promise<StackRecord> {
    const child = spawn(process.execPath, [program, 'up'], { env: this.env, detached: true });
    this.child = child;
    goFirst(child.pid!);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    const ready = (): StackRecord | false => {
      if (child.exitCode !== null) throw new Error(`it ended:\n${this.printed}`);
      const record = readStack(this.home);
      return record?.state === 'ready' && record.supervisor.pid === child.pid && record;
    };
    return until('everything is up', ready, 180_000);
  }

  /** Runs another command of the program beside it; what it printed. */
  command(...args: string[]): Promise<string> {
    return runProgram(args, this.env);
  }

  signal(signal: NodeJS.Signals): void {
    this.child!.kill(signal);
  }

  ended(): Promise<number> {
    return until('the supervisor has ended', () => this.child!.exitCode ?? undefined);
  }

  async clear(): Promise<void> {
    // The supervisor first: it would start again what ends under it.
    if (this.child?.pid !== undefined) await killTree(this.child.pid);
    await Promise.all(findProcesses(this.home).map(({ pid }) => killTree(pid)));
  }
}
