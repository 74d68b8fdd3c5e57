import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataset, openDataset } from '../data/dataset';
import { checkData, type DataChecks } from './checks';
import { excerpt } from './excerpt';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'checks-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(name: string, rows: string[][]): string {
  const writer = createDataset(join(dir, name), ['text', 'label']);
  for (const row of rows) writer.append(row);
  writer.finish();
  return join(dir, name);
}

async function check(
  train: string[][],
  test?: string[][],
  labelDelimiter: string | null = null,
): Promise<DataChecks> {
  const trainSet = openDataset(write('train', train));
  const testSet = test && openDataset(write('test', test));
  const onRows = () => Promise.resolve();
  const checks = await checkData(trainSet, testSet, {
    labelDelimiter,
    maxCharacters: 1000,
    onRows,
  });
  trainSet.close();
  testSet?.close();
  return checks;
}

describe('checkData', () => {
  it('finds empty texts in both parts', async () => {
    const { empty_texts } = await check(
      [
        ['', 'a'],
        [' \n', 'b'],
        ['x', 'a'],
      ],
      [['', 'b']],
    );
    expect(empty_texts.count).toBe(3);
    expect(empty_texts.examples.map(({ part, row }) => `${part} ${row}`)).toEqual([
      'train 1',
      'train 2',
      'test 1',
    ]);
  });

  it('tells duplicates from conflicts, with the row that came first', async () => {
    const { duplicates, conflicts } = await check([
      ['hello', 'a'],
      ['hello ', 'a'],
      ['hello', 'b'],
      ['other', 'b'],
    ]);
    expect(duplicates).toMatchObject({
      count: 1,
      examples: [{ row: 2, first_row: 1, label: 'a' }],
    });
    expect(conflicts).toMatchObject({
      count: 1,
      examples: [{ row: 3, label: 'b', first_row: 1, first_label: 'a', text: 'hello' }],
    });
  });

  it('takes for the same text what the split takes for the same, and for one label what is one name', async () => {
    const { duplicates, conflicts, overlap, labels } = await check(
      [
        ['Caf\u00E9 au lait', 'cr\u00E9me'],
        [' cafe\u0301 AU lait', 'cre\u0301me\u200B'],
      ],
      [['CAF\u00C9 au lait', 'cr\u00E9me']],
    );
    expect([duplicates.count, conflicts.count, overlap.count]).toEqual([1, 0, 1]);
    expect(labels).toEqual([{ label: 'cr\u00E9me', train: 2, test: 1 }]);
  });

  it('takes the same labels in another order for the same', async () => {
    const { duplicates, conflicts } = await check(
      [
        ['x', 'a;b'],
        ['x', 'b; a'],
        ['x', 'a'],
      ],
      undefined,
      ';',
    );
    expect([duplicates.count, conflicts.count]).toEqual([1, 1]);
  });

  it('counts test texts that stand in train', async () => {
    const { overlap } = await check(
      [
        ['one', 'a'],
        ['two', 'b'],
      ],
      [
        ['two', 'b'],
        ['three', 'a'],
      ],
    );
    expect(overlap).toMatchObject({ count: 1, examples: [{ part: 'test', row: 1, text: 'two' }] });
  });

  it('counts labels, and names the rare ones and those only in test', async () => {
    const rows = Array.from({ length: 6 }, (_, i) => [`text ${i}`, 'many']);
    const { labels, rare_labels, test_only_labels } = await check(
      [...rows, ['x', 'few']],
      [['y', 'new']],
    );
    expect(labels[0]).toEqual({ label: 'many', train: 6, test: 0 });
    expect(rare_labels.examples.map(({ label }) => label)).toEqual(['few']);
    expect(test_only_labels.examples).toEqual([{ label: 'new', train: 0, test: 1 }]);
  });

  it('shows the first ten of many', async () => {
    const { duplicates } = await check(Array.from({ length: 30 }, () => ['same', 'a']));
    expect(duplicates.count).toBe(29);
    expect(duplicates.examples).toHaveLength(10);
  });
});

describe('excerpt', () => {
  it('is one line of at most 200 characters, and never half a character', () => {
    expect(excerpt(' a\n\n b\t')).toBe('a b');
    const long = excerpt('x'.repeat(198) + '\u{1F600}'.repeat(5));
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).toBe('x'.repeat(198) + '…');
  });
});
