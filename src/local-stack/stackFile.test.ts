import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadline } from './deadline';
import { readStack, StackFile, type StackRecord } from './stackFile';

const record: StackRecord = {
  supervisor: { pid: 1, started: 'now' },
  state: 'starting',
  urls: { api: '', docs: '', serving: '', worker: '' },
  databaseUrl: '',
  children: {},
};

describe('StackFile', () => {
  it('writes a record that could not be written as soon as it can, and says so once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trainyard-stack-'));
    const home = join(folder, 'absent');
    const said: string[] = [];
    const file = new StackFile(home, (line) => said.push(line));
    file.write(record);
    file.write({ ...record, state: 'ready' });
    expect(said).toEqual([expect.stringMatching(/^stack.json is out of date: /)]);
    mkdirSync(home);
    expect(await deadline(() => readStack(home)?.state === 'ready', 60_000)).toBe(true);
    expect(said.slice(1)).toEqual(['stack.json is up to date again']);
    file.remove();
    expect(readStack(home)).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});
