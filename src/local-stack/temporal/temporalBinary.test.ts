import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporalBinary } from './temporalBinary';
import { sdkDownload } from './temporalSources';

describe('temporalBinary', () => {
  const before = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trainyard-temporal-'));
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
    process.env['PATH'] = join(folder, 'path');
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(folder, { recursive: true });
  });

  /** A program that answers as the Temporal CLI does when asked for its version. */
  function place(...path: string[]): string {
    const file = join(folder, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '#!/bin/sh\necho temporal version 1.5.1\n');
    chmodSync(file, 0o755);
    return file;
  }

  const find = (): Promise<string> => temporalBinary(() => undefined);

  it('prefers what the user installed', async () => {
    place('path', 'temporal');
    place('cache', 'trainyard', 'temporal-cli-1.5.1', 'temporal');
    expect(await find()).toBe('temporal');
  });

  it('takes what an earlier start built', async () => {
    const built = place('cache', 'trainyard', 'temporal-cli-1.5.1', 'temporal');
    expect(await find()).toBe(built);
  });

  it('takes what an earlier start downloaded', async () => {
    const downloaded = place('cache', 'trainyard', sdkDownload.folder, 'temporal-sdk-typescript');
    expect(await find()).toBe(downloaded);
  });
});
