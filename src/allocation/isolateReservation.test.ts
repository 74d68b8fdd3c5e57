import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { allocationCommand } from './command';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('as many threads as were asked for start within the bound of a small allocation', () => {
  const [threads, memoryMb] = [4, 500];
  const script = `
    const { Worker, isMainThread } = require('node:worker_threads');
    if (isMainThread) {
      const all = Array.from({ length: ${threads} }, () => new Worker(__filename));
      Promise.all(all.map((one) => new Promise((done) => one.once('online', done))))
        .then(() => { console.log('all are up'); process.exit(); });
    } else setInterval(() => {}, 1000);`;
  const file = join(mkdtempSync(join(tmpdir(), 'trainyard-threads-')), 'threads.js');
  writeFileSync(file, script);
  try {
    const { command, args } = allocationCommand(file, memoryMb, threads);
    const { stdout, stderr, signal } = spawnSync(command, args, { encoding: 'utf8' });
    expect({ stdout, stderr, signal }).toEqual({
      stdout: 'all are up\n',
      stderr: '',
      signal: null,
    });
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
});
