import { pbkdf2 } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { saveStream } from './download';
import { scratchFolder } from './testing/scratchFolder';

describe('saving a stream', () => {
  it('creates no file after it has failed, however late the file is opened', async () => {
    const scratch = await scratchFolder();
    // Every thread that opens files is busy, so the stream fails first.
    const busy = Array.from({ length: 8 }, () =>
      promisify(pbkdf2)('password', 'salt', 100_000, 32, 'sha256'),
    );
    const source = new Readable({ read: () => source.destroy(new Error('broke off')) });
    await expect(saveStream(source, join(scratch.path, 'file'))).rejects.toThrow('broke off');
    const found = readdirSync(scratch.path);
    await Promise.all(busy);
    expect(readdirSync(scratch.path)).toEqual(found);
    await scratch.remove();
  });
});
