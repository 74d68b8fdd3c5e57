import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type ProcessMark } from './processes';

/** What runs in a home: `stack.json`, mode 0600 since it carries the database's password. */
export interface StackRecord {
  /** The supervisor. */
  supervisor: ProcessMark;
  state: 'starting' | 'ready' | 'stopping';
  urls: {
    api: string;
    docs: string;
    serving: string;
    worker: string;
    /** Absent when Temporal is not ours, or runs without. */
    temporalUi?: string;
  };
  databaseUrl: string;
  /** Absent when Temporal is not ours. */
  temporalAddress?: string;
  /** By name: postgres, temporal, api, serving, worker. */
  children: Record<string, (ProcessMark & { restarts: number }) | undefined>;
}

const pathIn = (home: string): string => join(home, 'stack.json');

/** The record of the last start, whether or not it still runs. */
export function readStack(home: string): StackRecord | undefined {
  try {
    return JSON.parse(readFileSync(pathIn(home), 'utf8')) as StackRecord;
  } catch {
    return undefined;
  }
}

/** The record of a stack that runs now. */
export function runningStack(home: string): StackRecord | undefined {
  const record = readStack(home);
  return record !== undefined && isRunning(record.supervisor) ? record : undefined;
}

/** Replaces the record as a whole. */
export function writeStack(home: string, record: StackRecord): void {
  const draft = `${pathIn(home)}.new`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, pathIn(home));
}

export function removeStack(home: string): void {
  rmSync(pathIn(home), { force: true });
}
