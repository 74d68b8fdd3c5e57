import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageWarning } from '../../../stage/stageContext';
import { createDataset } from '../../../data/dataset';
import { Vectorizer } from '../../../ml/text/vectorizer';
import { buildVocabulary } from '../../../ml/text/vocabulary';
import { familyStarts } from '../../../ml/text/featurizerSpec';
import {
  countFrequencies,
  cutBlocks,
  makeResident,
  openFeatureBlocks,
} from '../train/featureBlocks';
import { featureFiles, readFeatureSummary, readParts } from './features';
import { readArray } from '../../../support/arrayFiles';
import { listCell } from '../../../classification/labelCell';
import { defaultOptions, type NlpTextOptions } from '../options';
import { preprocess } from './preprocess';
import { quietContext } from '../../../stage/testing/quietContext';

const options: NlpTextOptions = {
  ...defaultOptions,
  label_column: 'label',
  seed: 7,
};

let root: string;
let runs = 0;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'preprocess-test-'))));
afterEach(() => rmSync(root, { recursive: true }));

type Rows = [text: string, label: string][];

interface Outcome {
  outputs: string;
  warnings: StageWarning[];
}

async function run(rows: Rows, given: Partial<NlpTextOptions> = {}, test?: Rows): Promise<Outcome> {
  const folder = join(root, `run-${runs++}`);
  const [inputs, outputs] = [join(folder, 'inputs'), join(folder, 'outputs')];
  mkdirSync(inputs, { recursive: true });
  mkdirSync(outputs, { recursive: true });
  const warnings: StageWarning[] = [];
  const context = quietContext(inputs, outputs, {
    memoryMb: 500,
    warn: (warning) => warnings.push(warning),
  });
  writeRows(join(inputs, 'extract', 'train'), rows);
  if (test) writeRows(join(inputs, 'extract', 'test'), test);
  await preprocess(context, { ...options, ...given });
  return { outputs, warnings };
}

function writeRows(dir: string, rows: Rows): void {
  const writer = createDataset(dir, ['text', 'label']);
  for (const row of rows) writer.append(row);
  writer.finish();
}

const numbered = (count: number): Rows =>
  Array.from({ length: count }, (_, i) => [`text number ${i}`, i % 2 === 0 ? 'even' : 'odd']);

test('labels are sorted and numbered, and a tenth of the rows is put aside', async () => {
  const { outputs } = await run(numbered(100));
  const summary = readFeatureSummary(outputs);
  expect(summary).toMatchObject({
    head: 'softmax',
    labels: ['even', 'odd'],
    labelRows: [50, 50],
    rows: 100,
    split: { kind: 'holdout', testRows: 10 },
    seed: 7,
  });
  expect(readParts(outputs).reduce((a, b) => a + b, 0)).toBe(10);
});

test('the same rows and options give the same bytes', async () => {
  const [first, second] = [await run(numbered(50)), await run(numbered(50))];
  for (const name of readdirSync(first.outputs)) {
    const bytes = (outcome: Outcome) => readFileSync(join(outcome.outputs, name));
    expect(bytes(first).equals(bytes(second))).toBe(true);
  }
});

test('test files are what is measured on, and a label only there is warned of', async () => {
  const { outputs, warnings } = await run(numbered(20), {}, [['x', 'prime']]);
  expect(readFeatureSummary(outputs).split).toEqual({ kind: 'test_files', testRows: 1 });
  expect(readParts(outputs).includes(1)).toBe(false);
  expect(warnings).toEqual([
    { code: 'label_only_in_test', message: expect.stringContaining('"prime" (1)') },
  ]);
});

test('a test split is of the size asked for', async () => {
  const { outputs } = await run(numbered(100), { test_split: 0.3 });
  expect(readFeatureSummary(outputs).split).toEqual({ kind: 'test_split', testRows: 30 });
});

test('rows too few to put any aside are all learned from, with a warning', async () => {
  const { outputs, warnings } = await run(numbered(2));
  expect(readFeatureSummary(outputs).split).toEqual({ kind: 'none', testRows: 0 });
  expect(warnings.map((warning) => warning.code)).toEqual(['label_with_one_row', 'no_test_rows']);
  expect(warnings[0]!.message).toMatch(/^2 labels have a single training row: "even" \(1\), "odd"/);
  expect(warnings[1]!.message).toMatch(/0\.1 of 2 rows is less than half a row\. Give at least 5/);
});

test('texts that differ only in form are one text', async () => {
  const { outputs } = await run([
    ['Un \u015Fir', 'a'],
    ['  un \u0219ir', 'b'],
    ['other', 'a'],
  ]);
  expect([...new Int32Array(readArray(outputs, featureFiles.groups))]).toEqual([0, 0, 2]);
});

test('labels are names: what nobody can see apart is one label, in train and test rows alike', async () => {
  const rows: Rows = [
    ...numbered(4),
    ['a', 'r\u00E9clamation'],
    ['b', 're\u0301clamation\u200B'],
    ['c', 'mot\u00A0cl\u00E9'],
    ['d', 'mot  cl\u00E9'],
  ];
  const { outputs, warnings } = await run(rows, {}, [
    ['x', '\uFEFFre\u0301clamation'],
    ['y', ' odd'],
  ]);
  const { labels, labelRows } = readFeatureSummary(outputs);
  expect(labels).toEqual(['even', 'mot cl\u00E9', 'odd', 'r\u00E9clamation']);
  expect(labelRows).toEqual([2, 2, 2, 2]);
  expect(warnings).toEqual([]);
});

test('labels that differ in case or look stay apart, with a warning', async () => {
  const rows: Rows = [
    ...numbered(20),
    ['a', 'Even'],
    ['b', 'Even'],
    ['c', '\u043Edd'],
    ['d', '\u043Edd'],
  ];
  const { outputs, warnings } = await run(rows, {}, [['x', 'ODD']]);
  expect(readFeatureSummary(outputs).labels).toHaveLength(4);
  const alike = warnings.filter(({ code }) => code === 'labels_look_alike');
  expect(alike.map(({ message }) => message)).toEqual([
    '"Even" (2 training rows) and "even" (10 training rows) are two labels; they differ only in upper and lower case. If they are meant to be one, write them alike.',
    expect.stringContaining('\u043E (U+043E) and o (U+006F)'),
    expect.stringContaining('"ODD" (0 training rows) and "odd" (10 training rows)'),
  ]);
});

test('several labels in a cell give a sigmoid head', async () => {
  const rows: Rows = [
    ['one', 'a; b'],
    ['two', 'b;b'],
    ['three', ''],
  ];
  const { outputs } = await run(rows, { label_delimiter: ';', holdout: 0 });
  expect(readFeatureSummary(outputs)).toMatchObject({
    head: 'sigmoid',
    labels: ['a', 'b'],
    labelRows: [1, 2],
  });
  expect([...new Float64Array(readArray(outputs, featureFiles.labelStarts))]).toEqual([0, 2, 3, 3]);
  expect([...new Int32Array(readArray(outputs, featureFiles.labels))]).toEqual([0, 1, 1]);
});

test('labels as a list in one row, be it of the test part, give a sigmoid head', async () => {
  const rows: Rows = [
    ['one', 'a'],
    ['two', 'b;c'],
  ];
  const one = await run([...rows, ['three', listCell(['b', 'a'])]], { holdout: 0 });
  expect(readFeatureSummary(one.outputs)).toMatchObject({
    head: 'sigmoid',
    labels: ['a', 'b', 'b;c'],
    labelRows: [2, 1, 1],
  });
  const { outputs } = await run(rows, {}, [['four', listCell([])]]);
  expect(readFeatureSummary(outputs).head).toBe('sigmoid');
});

test('one label only is refused by name and count', async () => {
  const same: Rows = [
    ['one', 'spam'],
    ['two', 'spam'],
  ];
  await expect(run(same)).rejects.toMatchObject({
    code: 'one_class',
    kind: 'data',
    message: expect.stringContaining('all 2 rows of the training data have the label "spam"'),
  });
});

test('more labels than n_target_classes are refused, the rarest named', async () => {
  const rows: Rows = [...numbered(10), ['x', 'rare']];
  await expect(run(rows, { n_target_classes: 2 })).rejects.toMatchObject({
    code: 'too_many_classes',
    kind: 'data',
    message: expect.stringMatching(/3 labels and n_target_classes is 2.*"rare" \(1\)/),
  });
});

test('rows read back in blocks have the features that prediction computes', async () => {
  const texts = ['the cat sat', 'on the mat the cat', '', 'caf\u00E9 \u{1F600} \u5929\u6C14'];
  const { outputs } = await run(
    texts.map((text, i): Rows[number] => [text, `${i % 2}`]),
    { holdout: 0 },
  );
  const { featurizer } = readFeatureSummary(outputs);
  const starts = new Float64Array(readArray(outputs, featureFiles.starts));
  const families = familyStarts(featurizer);
  const yieldToEventLoop = (): Promise<void> => Promise.resolve();
  const frequency = await countFrequencies(
    outputs,
    starts,
    families.at(-1)!,
    () => true,
    yieldToEventLoop,
  );
  const vocabulary = buildVocabulary(frequency, { rows: 4, minRows: 1, maxFeatures: 1e6 });
  const source = {
    dir: outputs,
    starts,
    firstRows: [0, 1, 3, 4],
    familyStarts: families,
    vocabulary,
  };
  const order = Uint32Array.from(vocabulary.buckets.keys()).sort(
    (a, b) => vocabulary.buckets[a]! - vocabulary.buckets[b]!,
  );
  const vectorizer = new Vectorizer(featurizer, {
    buckets: Uint32Array.from(order, (id) => vocabulary.buckets[id]!),
    scales: Float32Array.from(order, (id) => vocabulary.scales[id]!),
  });
  for (const rows of [
    openFeatureBlocks(source),
    openFeatureBlocks(await makeResident(source, yieldToEventLoop)),
  ]) {
    for (let row = 0; row < texts.length; row++) {
      const block = [0, 1, 1, 2][row]!;
      const { starts: from, ids, values } = rows.load(block);
      const inside = row - source.firstRows[block]!;
      const wanted = vectorizer.vectorize(texts[row]!);
      const found = ids.slice(from[inside], from[inside + 1]);
      expect([...found]).toEqual(Array.from(wanted.rows, (r) => order[r]));
      expect(values.slice(from[inside], from[inside + 1])).toEqual(wanted.values);
    }
  }
});

test('blocks are cut where they would pass their limit, and a long row is a block of its own', () => {
  expect(cutBlocks(Float64Array.of(0, 3, 6, 9), 6)).toEqual([0, 2, 3]);
  expect(cutBlocks(Float64Array.of(0, 3, 50, 53), 6)).toEqual([0, 1, 2, 3]);
  expect(cutBlocks(Float64Array.of(0), 6)).toEqual([0]);
});
