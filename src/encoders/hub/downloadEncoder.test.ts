import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../artifacts/testing/scratchFolder';
import { tinyEncoderFiles } from '../../ml/transformers/testing/tinyEncoder';
import { hubServer, type HubFaults, type HubServer } from '../testing/hubServer';
import { downloadEncoder, type DownloadedEncoder } from './downloadEncoder';
import { downloadFile } from './downloadFile';

const weights = 'model.safetensors';
// Wide enough that its weights come in many pieces.
const files = tinyEncoderFiles({ hidden: 256 });

describe('downloadEncoder', () => {
  let hub: HubServer;
  let root: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    hub = await hubServer(files);
    ({ path: root, remove } = await scratchFolder());
  });
  afterEach(async () => {
    await hub.stop();
    await remove();
  });

  const download = (
    faults: HubFaults = {},
    name = { id: 'owner/tiny', revision: 'main' },
    options: object = {},
  ): Promise<DownloadedEncoder> => {
    hub.faults = faults;
    return downloadEncoder(name, {
      hub: hub.url,
      root,
      offline: false,
      patienceMs: 5_000,
      pauseMs: 1,
      ...options,
    });
  };
  const isWhole = ({ folder }: DownloadedEncoder): void => {
    for (const [path, content] of files) {
      if (path === 'README.md') expect(existsSync(join(folder, path))).toBe(false);
      else expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
    }
  };
  const asked = (path: string): string[] => hub.requests.filter((line) => line.includes(path));

  it('fetches every file at the commit of the revision, the weights last', async () => {
    const seen: string[] = [];
    const onProgress = (path: string, bytes: number): void => void seen.push(`${path} ${bytes}`);
    const downloaded = await download({}, undefined, { onProgress });
    isWhole(downloaded);
    expect(downloaded.source).toBe(`owner/tiny@${hub.commit}`);
    expect(downloaded.licence).toBe('cc0-1.0');
    expect(seen.at(-1)).toBe(`${weights} ${files.get(weights)!.length}`);
    expect(asked('/main/')).toEqual(['/owner/tiny/resolve/main/config.json']);
    await downloaded.remove();
    expect(readdirSync(root)).toEqual([]);
  });

  it('goes on where a connection broke', async () => {
    isWhole(await download({ drop: { path: weights, bytes: 1_500_000, times: 2 } }));
    const ranges = asked('/cdn/').map((line) => /bytes=(\d+)-/.exec(line)?.[1]);
    expect(ranges).toHaveLength(3);
    expect(Number(ranges[2])).toBeGreaterThan(Number(ranges[1]));
  });

  it('begins again at a hub without ranges', async () => {
    isWhole(await download({ noRanges: true, drop: { path: weights, bytes: 9, times: 2 } }));
  });

  it.each([-1, 0, 1_500_000])('asks again when nothing comes after %d bytes', async (bytes) => {
    const stall = { path: weights, bytes, times: 1 };
    isWhole(await download({ stall }, undefined, { patienceMs: 300 }));
    const [first, second] = asked('/cdn/');
    expect(first).not.toContain('bytes=');
    expect(second!.includes('bytes=')).toBe(bytes > 0);
  });

  it('gives up on a hub that never answers, and says what it waited for', async () => {
    const stall = { path: 'config.json', bytes: -1, times: Infinity };
    const given = download({ stall }, undefined, { patienceMs: 50 });
    await expect(given).rejects.toMatchObject({ code: 'hub_unavailable', status: 503 });
    await expect(given).rejects.toThrow('nothing came for 0.05 s');
    expect(asked('config.json')).toHaveLength(5);
  });

  it('begins again when the file changed between two tries', async () => {
    const older = { path: weights, times: 1 };
    isWhole(await download({ older, drop: { path: weights, bytes: 1_500_000, times: 1 } }));
    expect(asked('/cdn/')).toHaveLength(2);
    expect(asked('/cdn/')[1]).toContain('bytes=');
  });

  it('begins again when the hub has nothing behind what is there', async () => {
    const drop = { path: weights, bytes: 1_500_000, times: 1 };
    isWhole(await download({ drop, noRest: true }));
    const ranges = asked('/cdn/').map((line) => line.includes('bytes='));
    expect(ranges).toEqual([false, true, false]);
  });

  it('goes on at the next call after it gave up', async () => {
    const drop = { path: weights, bytes: 1_500_000, times: 1 };
    // The first answer breaks off, all later ones fail.
    const status = {
      path: weights,
      code: 503,
      get times() {
        return drop.times > 0 ? 0 : 1;
      },
      set times(_) {
        // As often as it takes.
      },
    };
    await expect(download({ drop, status })).rejects.toMatchObject({ code: 'hub_unavailable' });
    hub.requests.length = 0;
    isWhole(await download());
    expect(asked('tokenizer.json')).toEqual([]);
    expect(asked('/cdn/')[0]).toMatch(/bytes=\d{3,}-$/);
  });

  it('asks again when the hub is overloaded', async () => {
    isWhole(await download({ status: { path: 'tokenizer.json', code: 503, times: 2 } }));
  });

  it.each<[string, HubFaults, string]>([
    ['a wrong hash', { linkedEtag: 'a'.repeat(64) }, 'expected aaaa'],
    ['a size that is too small', { linkedSize: 100 }, 'expected 100'],
    ['a size that is too large', { linkedSize: 1e9 }, 'expected 1000000000'],
  ])('refuses weights with %s, and keeps nothing of them', async (_, faults, message) => {
    const refused = download(faults);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ code: 'corrupt_download' });
    const [left] = readdirSync(root);
    expect(existsSync(join(root, left!, 'files', weights))).toBe(false);
    isWhole(await download());
  });

  it('refuses a small file that has not the hash that git gives it', async () => {
    const path = 'tokenizer.json';
    const refused = download({ etag: { path, value: `"${'b'.repeat(40)}"` } });
    await expect(refused).rejects.toMatchObject({ code: 'corrupt_download' });
    await expect(refused).rejects.toThrow(`${path} of owner/tiny`);
    const [left] = readdirSync(root);
    expect(existsSync(join(root, left!, 'files', path))).toBe(false);
    isWhole(await download());
  });

  it('refuses weights beyond the limit before it takes them', async () => {
    const seen: string[] = [];
    const onProgress = (path: string): void => void seen.push(path);
    const faults = { linkedSize: 17 * 1024 ** 3, noLength: true };
    const refused = download(faults, undefined, { onProgress });
    await expect(refused).rejects.toMatchObject({ code: 'download_too_large' });
    await expect(refused).rejects.toThrow('has 18253611008 bytes; allowed are 17179869184');
    expect(seen).not.toContain(weights);
  });

  it.each([false, true])(
    'refuses any file over its limit (length unsaid: %j)',
    async (noLength) => {
      hub.faults = { noLength };
      const file = { id: 'owner/tiny', revision: 'main', path: 'tokenizer.json' };
      const options = { hub: hub.url, mostBytes: 1_000, pauseMs: 1 };
      const [part, to] = [join(root, 'part'), join(root, 'whole')];
      await expect(downloadFile(file, part, to, options)).rejects.toMatchObject({
        code: 'download_too_large',
      });
      expect(existsSync(to)).toBe(false);
    },
  );

  it('takes files from a mirror that names no commit', async () => {
    const downloaded = await download({ noCommit: true });
    isWhole(downloaded);
    expect(downloaded.source).toBe('owner/tiny@main');
  });

  it.each<[string, HubFaults, string]>([
    ['is not there', { status: { path: 'config.json', code: 404, times: 9 } }, 'not_at_hub'],
    ['is private', { status: { path: 'config.json', code: 401, times: 9 } }, 'hub_refused'],
    ['leads elsewhere than HTTP', { redirectTo: 'file:///etc/hostname' }, 'hub_unavailable'],
    ['has no safetensors', { status: { path: weights, code: 404, times: 9 } }, 'invalid_encoder'],
  ])('says what to do when it %s', async (_, faults, code) => {
    await expect(download(faults)).rejects.toMatchObject({ code });
  });

  it('checks the small files before it asks for the weights', async () => {
    await hub.stop();
    hub = await hubServer(new Map([...files, ['config.json', Buffer.from('{"model_type":"t5"}')]]));
    await expect(download()).rejects.toThrow('"model_type" is "t5"');
    expect(asked(weights)).toEqual([]);
  });

  it.each([
    ['../../etc', 'main'],
    ['owner/tiny/more', 'main'],
    ['owner/..', 'main'],
    ['owner/tiny?x', 'main'],
    ['owner/ti ny', 'main'],
    ['', 'main'],
    ['owner/tiny', '../main'],
    ['owner/tiny', 'a//b'],
    ['owner/tiny', 'main#x'],
    ['owner/tiny', '%2e%2e'],
  ])('asks nobody for %j at %j', async (id, revision) => {
    await expect(download({}, { id, revision })).rejects.toMatchObject({
      code: expect.stringMatching(/^invalid_(hub_id|revision)$/),
    });
    expect(hub.requests).toEqual([]);
  });

  it('downloads nothing offline', async () => {
    await expect(download({}, undefined, { offline: true })).rejects.toThrow(
      'TRAINYARD_OFFLINE is true',
    );
    expect(hub.requests).toEqual([]);
  });
});
