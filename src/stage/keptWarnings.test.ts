import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepWarnings, parseKeptWarnings, warningsFile } from './keptWarnings';

const folder = mkdtempSync(join(tmpdir(), 'trainyard-warnings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const warnings = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ code: 'bad_row', message: `row ${i} is bad` }));
const kept = () => parseKeptWarnings(readFileSync(join(folder, warningsFile)));

describe('the kept warnings of a stage', () => {
  it('are those that it gave, in their order', () => {
    keepWarnings(folder, warnings(3));
    expect(kept()).toEqual(warnings(3));
  });

  it('are bounded, and then say how many more there were', () => {
    keepWarnings(folder, warnings(502));
    expect(kept()).toHaveLength(501);
    expect(kept().at(-1)).toEqual({
      code: 'more_warnings',
      message: '2 more warnings were not kept',
    });
  });

  it('are none where outputs are of a version that kept none', () => {
    expect(parseKeptWarnings(undefined)).toEqual([]);
  });
});
