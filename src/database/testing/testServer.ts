import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnChild } from '../../local-stack/supervision/child';
import { deadline } from '../../local-stack/deadline';
import { freePort } from '../../local-stack/ports';
import { embeddedPostgres } from '../../local-stack/postgres/postgres';

const patienceMs = 60_000;

/**
 * The PostgreSQL that tests use: `DATABASE_URL`, else an embedded one for the whole test run. The
 * first test file that needs it brings it up; it goes when the test runner is gone, however it went.
 * @returns the URL of a database on the server
 */
export async function testServer(): Promise<string> {
  const given = process.env['DATABASE_URL'];
  if (given) return given;
  const home = join(tmpdir(), `trainyard-unit-${runner()}`);
  const ready = join(home, 'url');
  if (mkdirSync(home, { recursive: true, mode: 0o755 }) !== undefined) await start(home, ready);
  await until(() => existsSync(ready));
  return readFileSync(ready, 'utf8');
}

/** Test files run in the runner itself or in its children. */
function runner(): number {
  return process.send ? process.ppid : process.pid;
}

async function start(home: string, ready: string): Promise<void> {
  const port = await freePort();
  const progress = (): void => undefined;
  const { spec, url } = embeddedPostgres({ home, port, progress, durable: false });
  await spec.prepare?.();
  const server = spawnChild(spec);
  server.unref();
  endWith(runner(), server.pid!, [home, ...(spec.cwd === undefined ? [] : [spec.cwd])]);
  await until(() => spec.isReady().catch(() => false));
  writeFileSync(`${ready}.new`, url);
  renameSync(`${ready}.new`, ready);
}

/** A small process that waits for the test runner to go, then stops the server and tidies up. */
function endWith(runnerPid: number, serverPid: number, folders: string[]): void {
  const script = `
    const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
    const runner = ${runnerPid}, server = ${serverPid}, folders = ${JSON.stringify(folders)};
    setInterval(() => {
      if (alive(runner)) return;
      if (alive(server)) return void process.kill(server, 'SIGQUIT');
      for (const folder of folders) require('fs').rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    }, 200);`;
  spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore' }).unref();
}

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  if (await deadline(reached, patienceMs)) return;
  throw new Error(`the PostgreSQL of this test run was not up in ${patienceMs} ms`);
}
