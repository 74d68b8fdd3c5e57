import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimWorkFolder, sweepWorkFolders } from '../allocation/workFolder';
import { makePrivateFolder } from './privateFolder';

describe('folders with the data of people', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trainyard-private-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('are closed to other users, also where they were open before', () => {
    const open = join(home, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    makePrivateFolder(open);
    makePrivateFolder(join(home, 'new', 'folder'));
    expect(['open', 'new', 'new/folder'].map((name) => modeOf(join(home, name)))).toEqual(
      Array<number>(3).fill(0o700),
    );
  });

  it('are closed for a worker that was started alone', async () => {
    const root = join(home, 'work');
    mkdirSync(root);
    chmodSync(root, 0o755);
    await sweepWorkFolders(root);
    await claimWorkFolder(root);
    expect(modeOf(root)).toBe(0o700);
  });
});
