import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stat } from 'node:fs/promises';
import { openArtifactStore } from './openStore';
import { scratchFolder } from './testing/scratchFolder';

describe('openArtifactStore', () => {
  it('opens a folder of this machine when nothing is configured', async () => {
    const scratch = await scratchFolder();
    const store = await openArtifactStore('', { homeDir: scratch.path });
    await store.put('a/b', Buffer.from('x'), 'text/plain');
    expect((await stat(join(scratch.path, 'artifacts/objects/a/b'))).size).toBe(1);
    await scratch.remove();
  });

  it('opens the folder that a file URL names', async () => {
    const scratch = await scratchFolder();
    const url = pathToFileURL(join(scratch.path, 'with space')).href;
    const store = await openArtifactStore(url, { homeDir: '/nowhere' });
    await store.put('a/b', Buffer.from('x'), 'text/plain');
    expect((await stat(join(scratch.path, 'with space/objects/a/b'))).size).toBe(1);
    await scratch.remove();
  });

  it.each([
    'http://example.org/x',
    's3:bucket',
    's3://',
    's3://UPPER',
    's3://bucket/../x',
    's3://bucket/a b',
    'bucket',
    '/folder',
  ])('refuses %j and says what is allowed', async (url) => {
    await expect(openArtifactStore(url, { homeDir: '/nowhere' })).rejects.toMatchObject({
      kind: 'config',
      code: 'invalid_artifact_url',
      message: expect.stringContaining('s3://bucket/prefix'),
    });
  });

  it('shows no password that someone wrote into the URL', async () => {
    const opening = openArtifactStore('http://user:hush@example.org', { homeDir: '/nowhere' });
    await expect(opening).rejects.toThrow(/^(?!.*hush).*$/);
  });
});
