import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from './bundle/manifest';
import { openTagger } from './predict/tokenTagger';
import { type GivenFile, runStages } from './testing/runStages';

let root: string;
let runs = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'nlp-token-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newFolder = () => join(root, String(runs++));

const names = ['Ana', 'Bob', 'Carl', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jane'];
const cities = ['Rome', 'Oslo', 'Lima', 'Cairo', 'Quito', 'Delhi', 'Tunis', 'Paris'];
const rows = (count: number, from = 0): GivenFile => ({
  name: 'rows.csv',
  content: [
    'source,target',
    ...Array.from({ length: count }, (_, k) => {
      const i = from + k;
      const [name, city] = [names[i % names.length]!, cities[i % cities.length]!];
      if (i % 3 === 0) return `${name} lives in ${city} now,NAME O O CITY O`;
      if (i % 3 === 1) return `the train to ${city} takes ${name},O O O CITY O NAME`;
      return `nobody was there on day ${i},O O O O O O`;
    }),
  ].join('\n'),
});
const options = { target_labels: ['NAME', 'CITY'], holdout: 0 };

const csv = (...lines: string[]): GivenFile => ({
  name: 'r.csv',
  content: ['source,target', ...lines].join('\n'),
});

function bytesOf(dir: string): Record<string, string> {
  const model = join(dir, 'train', 'model');
  const files = readdirSync(model).sort();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(model, name), 'hex')]));
}

async function tagsOf(dir: string, text: string): Promise<string[]> {
  const tagger = await openTagger(join(dir, 'train', 'model'));
  try {
    const { spans } = await tagger.tag(text);
    return spans.map(({ start, end, tag }) => `${text.slice(start, end)}=${tag}`);
  } finally {
    await tagger.close();
  }
}

test('the same rows and options give the same bytes', async () => {
  const [first, second] = [
    await runStages(newFolder(), [rows(60)], options),
    await runStages(newFolder(), [rows(60)], options, { cores: 4 }),
  ];
  expect(bytesOf(second.dir)).toEqual(bytesOf(first.dir));
});

test('a training that goes on from any of its checkpoints comes to the same bytes', async () => {
  const checkpoints: Uint8Array[] = [];
  // A checkpoint is wanted at every chance, and each is kept.
  const calm = await runStages(
    newFolder(),
    [rows(90)],
    { ...options, holdout: 0.2 },
    {
      checkpointRequested: true,
      checkpoint: (_, parts) => {
        checkpoints.push(Buffer.concat(parts));
        return Promise.resolve();
      },
    },
  );
  expect(checkpoints.length).toBeGreaterThan(10);
  for (const [i, bytes] of checkpoints.entries()) {
    if (i % 7 !== 0) continue;
    const path = join(root, `checkpoint-${i}`);
    writeFileSync(path, bytes);
    const resumed = await runStages(
      newFolder(),
      [rows(90)],
      { ...options, holdout: 0.2 },
      {
        resume: { step: i + 1, path },
      },
    );
    expect(bytesOf(resumed.dir)).toEqual(bytesOf(calm.dir));
  }
});

test('from a base model new tags join, and the old ones are found as before', async () => {
  const base = await runStages(newFolder(), [rows(150)], options);
  const fruits = ['apple', 'pear', 'plum', 'fig'];
  const lines = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0
      ? `a ripe ${fruits[i % 4]!} fell on Ana,O O FRUIT O O O`
      : 'nothing fell today,O O O',
  );
  const test: GivenFile = { ...rows(60, 200), name: 'test.csv', part: 'test' };
  const given = { base: join(base.dir, 'train', 'model') };
  const next = await runStages(newFolder(), [csv(...lines), test], options, given);
  expect(readManifest(join(next.dir, 'train', 'model')).tags).toEqual(['NAME', 'CITY', 'FRUIT']);
  // The new rows have names and cities that nobody marked.
  const f1 = next.evaluation.measured!.tags.map(({ tag, f1: value }) => [tag, value]);
  expect(f1.slice(0, 2)).toEqual([
    ['NAME', 1],
    ['CITY', 1],
  ]);
  expect(await tagsOf(next.dir, 'a ripe plum fell')).toEqual(['plum=FRUIT']);
});

test('what is wrong with rows and tags is told with its place', async () => {
  const files: GivenFile[] = [
    csv('Ana left,NAME O', 'Bob left early,NAME O', 'Carl left,NAMEE O', 'Dora left,NAME O'),
    {
      name: 'spans.jsonl',
      content: [
        { text: 'unAna left', spans: [{ start: 2, end: 5, label: 'NAME' }] },
        {
          text: 'Ana Maria left',
          spans: [
            { start: 0, end: 3, label: 'NAME' },
            { start: 0, end: 9, label: 'NAME' },
          ],
        },
        { text: 'Ana', spans: [{ start: 0, end: 30, label: 'NAME' }] },
      ]
        .map((row) => JSON.stringify(row))
        .join('\n'),
    },
    {
      name: 'broken.conll',
      content: 'Ana B-NAME\nleft O\n\nBob I-NAME\n\nEmil B-NAME\n\nalone\nx O\n',
    },
  ];
  const { warnings } = await runStages(newFolder(), files, options);
  const told = warnings.map(({ message }) => message).join('\n');
  for (const part of [
    'number of source tokens: 3 ≠ number of target tokens: 2 (r.csv, line 3)',
    'spans.jsonl, line 1: the span 2 to 5 ("NAME"), "Ana", cuts a token; it was widened to 0 to 5, "unAna"',
    'spans.jsonl, line 2: the spans 0 to 9 ("NAME") and 0 to 3 ("NAME") overlap; the longer was kept',
    'the span 0 to 30 ("NAME") is not within the text, which has 3 characters (spans.jsonl, line 3)',
    'broken.conll: 1 tag breaks the order of B- and I-',
    'a token and its tag must stand on a line, with a tab or a space between; there is only "alone" (broken.conll, line 8)',
    'Found unexpected entity tag "NAMEE" (1 training span), which is none of target_labels: its tokens were read as outside; did you mean "NAME"?',
    '1 tag of target_labels has no span in the training data and will not be found: "CITY"',
  ]) {
    expect(told).toContain(part);
  }
});

test('data without a single tag to learn is refused with what it has', async () => {
  const run = (...lines: string[]) => runStages(newFolder(), [csv(...lines)], options);
  await expect(run('a b,O O')).rejects.toMatchObject({
    code: 'no_spans',
    message: expect.stringContaining('all tokens of all 1 rows are outside'),
  });
  await expect(run('a b,PER O')).rejects.toThrow('the tags of the data are "PER"');
});

test('strange texts are answered', async () => {
  const { dir } = await runStages(newFolder(), [rows(60)], options);
  const texts = [
    '',
    ' ',
    '\0',
    '\u{1F468}\u200D\u{1F469} Ana',
    '\u05E9\u05DC\u05D5\u05DD',
    '\ud800 x',
  ];
  for (const text of texts) await tagsOf(dir, text);
  const long = await tagsOf(dir, 'Ana lives in Rome now '.repeat(20_000));
  expect(long).toHaveLength(40_000);
});

test('a model whose graph or features were changed is refused', async () => {
  const { dir } = await runStages(newFolder(), [rows(60)], options);
  const path = join(dir, 'train', 'model', 'features.bin');
  const bytes = readFileSync(path);
  bytes[0]! ^= 1;
  writeFileSync(path, bytes);
  await expect(tagsOf(dir, 'x')).rejects.toThrow('features.bin is not the file');
});
