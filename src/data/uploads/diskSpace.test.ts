import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDiskSpace } from './diskSpace';

describe('checkDiskSpace', () => {
  it('is content with a disk that has more free than must stay free', async () => {
    await expect(checkDiskSpace(tmpdir(), { leastFree: 1 })).resolves.toBeUndefined();
  });

  it('refuses with 507 and figures when less is free', async () => {
    const { bsize, blocks } = await statfs(tmpdir());
    await expect(checkDiskSpace(tmpdir(), { leastFree: bsize * blocks + 1 })).rejects.toMatchObject(
      {
        status: 507,
        code: 'low_disk_space',
        message: expect.stringMatching(/^\d+\.\d [GMK]iB of \d+\.\d [GT]iB are free/),
      },
    );
  });

  it('looks at the disk that a folder will be on', async () => {
    const folder = join(tmpdir(), 'not-there', 'yet');
    await expect(checkDiskSpace(folder, { leastFree: 1 })).resolves.toBeUndefined();
    const all = { leastFree: Number.MAX_SAFE_INTEGER };
    await expect(checkDiskSpace(folder, all)).rejects.toMatchObject({
      message: expect.not.stringContaining('not-there'),
    });
  });
});
