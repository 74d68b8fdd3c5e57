import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

declare global {
  /** The process that holds the shared servers, from set-up to tear-down. */
  var trainyardServers: ChildProcess | undefined;
}

/** Brings up what all tests of the product share, and says where it is in the environment. */
export default async function globalSetup(): Promise<void> {
  const root = resolve(__dirname, '../..');
  const script = join(root, 'dist/test/support/servers.js');
  if (!existsSync(script)) {
    throw new Error('these tests drive the built product: run `npm run build` first');
  }
  const child = spawn(process.execPath, [script], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  globalThis.trainyardServers = child;
  const line = await firstLine(child);
  process.env['TRAINYARD_TEST_SERVERS'] = line;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    createInterface({ input: child.stdout! }).once('line', done);
    child.once('exit', (code) => failed(new Error(`the shared servers ended with code ${code}`)));
  });
}
