import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { run } from '../../src/local-stack/run';
import type { SharedServers } from './servers';

/** The servers of this test run. */
export function sharedServers(): SharedServers {
  const line = process.env['TRAINYARD_TEST_SERVERS'];
  if (line === undefined) throw new Error('run these tests with jest --selectProjects product');
  return JSON.parse(line) as SharedServers;
}

/** A new, empty database on the shared server; its URL. It goes with the server. */
export async function createDatabase(): Promise<string> {
  const { databaseUrl } = sharedServers();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** A new folder below that of the test run, removed at its end. PostgreSQL's user may pass, if root runs us. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(sharedServers().folder, `${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** The compiled program. */
export const program = join(__dirname, '../../dist/cli/main.js');

/** Runs a command of the program to its end; what it printed. Throws when it fails. */
export async function runProgram(
  args: string[],
  env: NodeJS.ProcessEnv,
  compiled = program,
): Promise<string> {
  const { code, output } = await run(process.execPath, [compiled, ...args], {
    env,
    patienceMs: 120_000,
  });
  if (code !== 0) throw new Error(`trainyard ${args.join(' ')} failed:\n${output}`);
  return output;
}
