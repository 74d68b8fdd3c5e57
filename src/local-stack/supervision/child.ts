import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from '../account';

/** A process to keep running. */
export interface ChildSpec {
  /** As people know it: `PostgreSQL`, `API`. */
  title: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** @default the folder of the supervisor */
  cwd?: string;
  /** Another user to run as. */
  account?: Account;
  /** Everything it prints is appended here. */
  logFile: string;
  /** Asks it to end. */
  stopSignal: NodeJS.Signals;
  /** How long it may take to end before it is killed. */
  stopPatienceMs: number;
  /** Runs before each start, after a crash too. */
  prepare?: () => Promise<void>;
  /**
   * Whether it can do its work.
   * @throws TrainyardError when another process answers in its place
   */
  isReady: () => Promise<boolean>;
  /** Whether it answers at all, whatever it needs; false or a failure for long: it is frozen. */
  isAlive: () => Promise<boolean>;
  /** How long it may take until it answers, recovery from a crash included. */
  readyPatienceMs: number;
}

/** Starts it in a session of its own, so that Ctrl-C at the terminal does not reach it. */
export function spawnChild(spec: ChildSpec): ChildProcess {
  const { account } = spec;
  const log = openLog(spec.logFile);
  try {
    return spawn(spec.command, spec.args, {
      env: spec.env,
      stdio: ['ignore', log ?? 'ignore', log ?? 'ignore'],
      detached: true,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

/** Undefined where a full disk takes no new file: better a process without a log than none. */
function openLog(path: string): number | undefined {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return undefined;
    throw error;
  }
}

/** The last lines that it printed. */
export function lastLines(spec: ChildSpec, count = 15): string {
  try {
    return readFileSync(spec.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
