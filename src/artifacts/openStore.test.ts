import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactStore } from './openStore';
import { scratchFolder } from './testing/scratchFolder';

describe('openArtifactStore', () => {
  it('opens a folder, making it where it is not there', async () => {
    const scratch = await scratchFolder();
    const folder = join(scratch.path, 'with space/artifacts');
    const store = await openArtifactStore({ kind: 'disk', folder });
    await store.put('a/b', Buffer.from('x'), 'text/plain');
    expect((await stat(join(folder, 'objects/a/b'))).size).toBe(1);
    await scratch.remove();
  });

  it.each(['..', 'a/../b', 'a//b', 'a b', 'a/b/'])('refuses the prefix %j', async (prefix) => {
    const opening = openArtifactStore({ kind: 's3', bucket: 'bucket', prefix });
    await expect(opening).rejects.toMatchObject({
      kind: 'config',
      code: 'invalid_artifact_url',
      message: expect.stringContaining(JSON.stringify(prefix)),
    });
  });
});
