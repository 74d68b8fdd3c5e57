import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersAs } from './answering';
import type { ChildSpec } from './child';
import { deadline } from '../deadline';
import { freePort } from '../ports';
import { isRunning, killTree, markOf } from './processes';
import { SupervisedChild } from './supervisedChild';

jest.setTimeout(120_000);
const patienceMs = 90_000;

/** Answers as one of our parts does; its child does nothing but live. */
const program = `
  const { createServer } = require('node:http');
  const { spawn } = require('node:child_process');
  const [port, installation] = process.argv.slice(2);
  const { writeFileSync } = require('node:fs');
  const below = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { detached: true, stdio: 'ignore' });
  writeFileSync(__dirname + '/below', String(below.pid));
  createServer((_, response) => {
    response.writeHead(200, { 'X-Trainyard-Installation': installation }).end('{}');
  }).listen(Number(port), '127.0.0.1');
`;

describe('SupervisedChild', () => {
  let folder: string;
  let port: number;
  let child: SupervisedChild;
  let said: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trainyard-child-'));
    port = await freePort();
    said = [];
    child = new SupervisedChild({
      name: 'part',
      spec: spec(),
      progress: (line) => said.push(line),
      onChange: () => undefined,
      silenceMs: 300,
      checkEveryMs: 100,
    });
  });
  afterEach(async () => {
    if (child.running !== undefined) await killTree(child.running);
    await child.stop();
    rmSync(folder, { recursive: true });
  });

  function spec(): ChildSpec {
    const script = join(folder, 'program.js');
    writeFileSync(script, program);
    const url = `http://127.0.0.1:${port}/`;
    return {
      title: 'Part',
      command: process.execPath,
      args: [script, String(port), 'ours'],
      env: process.env,
      logFile: join(folder, 'logs', 'part.log'),
      stopSignal: 'SIGTERM',
      stopPatienceMs: 10_000,
      isReady: () => answersAs(url, 'ours'),
      isAlive: () => answersAs(url, 'ours'),
      readyPatienceMs: 60_000,
    };
  }

  it('kills a process that is frozen, with all below it, and starts it again', async () => {
    await child.start();
    const frozen = child.running!;
    const below = markOf(Number(readFileSync(join(folder, 'below'), 'utf8')))!;
    process.kill(frozen.pid, 'SIGSTOP');
    expect(await deadline(() => said.includes('Part is back'), patienceMs)).toBe(true);
    expect(said[0]).toMatch(/^Part has given no answer for .*; killing it/);
    expect([frozen, below].some(isRunning)).toBe(false);
    expect(child.restarts).toBe(1);
    expect(child.running!.pid).not.toBe(frozen.pid);
    expect(markOf(child.running!.pid)).toBeDefined();
  });

  it('does not take the answer of another installation for its own', async () => {
    const other = createServer((_, response) => {
      response.writeHead(200, { 'X-Trainyard-Installation': 'theirs' }).end('{}');
    });
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(child.start()).rejects.toMatchObject({ code: 'port_taken' });
    await expect(answersAs(`http://127.0.0.1:${port}`, 'ours')).rejects.toThrow(
      `another Trainyard installation listens on port ${(other.address() as AddressInfo).port}`,
    );
    expect(child.running).toBeUndefined();
    other.closeAllConnections();
    other.close();
  });
});
