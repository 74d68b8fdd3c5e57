import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors';
import { isRunning, type ProcessMark } from './supervision/processes';
import type { Progress } from './progress';

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

export function removeStack(home: string): void {
  rmSync(pathIn(home), { force: true });
}

/** Time until a record that could not be written is tried again. */
const retryMs = 1000;

/** Keeps the record of a running stack; a full disk makes it late, and ends nothing. */
export class StackFile {
  private record: StackRecord | undefined;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly home: string,
    private readonly progress: Progress,
  ) {}

  /** Replaces the record as a whole, now or as soon as that works. */
  write(record: StackRecord): void {
    this.record = record;
    if (this.retry === undefined) this.save();
  }

  remove(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.record = undefined;
    removeStack(this.home);
  }

  private save(): void {
    const draft = `${pathIn(this.home)}.new`;
    const wasLate = this.retry !== undefined;
    this.retry = undefined;
    try {
      writeFileSync(draft, `${JSON.stringify(this.record, null, 2)}\n`, { mode: 0o600 });
      renameSync(draft, pathIn(this.home));
      if (wasLate) this.progress('stack.json is up to date again');
    } catch (error) {
      if (!wasLate) this.progress(`stack.json is out of date: ${messageOf(error)}`);
      this.retry = setTimeout(() => this.save(), retryMs).unref();
    }
  }
}
