import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTaken, tryLock, type Lock } from './lock';
import { isRunning, markOf } from './supervision/processes';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-lock-'));
  path = join(folder, 'lock.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('tryLock', () => {
  it('is taken once, and again after its release', () => {
    const lock = tryLock(path);
    expect(isTaken(lock)).toBe(true);
    expect(tryLock(path)).toMatchObject({ pid: process.pid, since: expect.stringMatching(/^20/) });
    (lock as Lock).release();
    expect(isTaken(tryLock(path))).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock.json']);
  });

  it('is void once its process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(path, JSON.stringify({ pid, started: 'then', since: 'then' }));
    expect(isTaken(tryLock(path))).toBe(true);
  });

  it('is void when its pid belongs to another process by now', () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'before', since: 'then' }));
    expect(isTaken(tryLock(path))).toBe(true);
  });

  it('is void when a crash left half a file', () => {
    writeFileSync(path, '{"pid":');
    expect(isTaken(tryLock(path))).toBe(true);
  });
});

describe('markOf', () => {
  it('knows this process from any other that may get its pid', () => {
    const mark = markOf(process.pid)!;
    expect(isRunning(mark)).toBe(true);
    expect(isRunning({ ...mark, started: `${mark.started}0` })).toBe(false);
  });

  it('knows nothing of a process that has ended', () => {
    expect(markOf(spawnSync(process.execPath, ['-e', '']).pid)).toBeUndefined();
  });
});
