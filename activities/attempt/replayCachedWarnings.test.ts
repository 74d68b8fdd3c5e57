import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepWarnings } from '../../src/stage/keptWarnings';
import type { StageWarning } from '../../src/stage/stageContext';
import { DiskStore } from '../../src/artifacts/disk/diskStore';
import { publishTree } from '../../src/artifacts/trees/tree';
import { replayCachedWarnings } from './replayCachedWarnings';

const root = mkdtempSync(join(tmpdir(), 'trainyard-cached-'));
let store: DiskStore;
beforeAll(async () => {
  store = await DiskStore.open(join(root, 'store'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** What a journal holds at the moment when it is flushed. */
async function told(outputs: string, prefix: string) {
  const output = await publishTree(store, prefix, outputs);
  let text = '';
  const warnings: StageWarning[] = [];
  let flushed: object | undefined;
  await replayCachedWarnings(store, output, {
    log: (_, line) => void (text += line),
    warning: (warning) => void warnings.push(warning),
    flush: () => {
      flushed = { text, warnings: [...warnings] };
      return Promise.resolve();
    },
  });
  return flushed;
}

test('a hit says so in the log and repeats what the maker of the result warned of', async () => {
  const outputs = mkdtempSync(join(root, 'new-'));
  const warning = { code: 'bad_row', message: 'skipped line 7 of a.csv' };
  keepWarnings(outputs, [warning]);
  expect(await told(outputs, 'cache/new/')).toEqual({
    text: 'taken from the cache\nwarning: skipped line 7 of a.csv [bad_row]\n',
    warnings: [warning],
  });
});

test('a result of a version that kept no warnings is taken as it is', async () => {
  const outputs = mkdtempSync(join(root, 'old-'));
  writeFileSync(join(outputs, 'extract.json'), '{}');
  expect(await told(outputs, 'cache/old/')).toEqual({
    text: 'taken from the cache\n',
    warnings: [],
  });
});
