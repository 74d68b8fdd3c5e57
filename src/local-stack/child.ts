import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from './account';

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
  /** Whether it answers. */
  isReady: () => Promise<boolean>;
  /** How long it may take until it answers, recovery from a crash included. */
  readyPatienceMs: number;
}

/** A log over this size starts anew; one older log is kept. */
const largestLog = 20 * 1024 * 1024;

/** Starts it in a session of its own, so that Ctrl-C at the terminal does not reach it. */
export function spawnChild(spec: ChildSpec): ChildProcess {
  const { account, logFile } = spec;
  mkdirSync(dirname(logFile), { recursive: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > largestLog)
    renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(spec.command, spec.args, {
      env: spec.env,
      stdio: ['ignore', log, log],
      detached: true,
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    });
  } finally {
    closeSync(log);
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
