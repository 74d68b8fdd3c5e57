import { gzipSync } from 'node:zlib';
import { ApiError, type ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';

jest.setTimeout(240_000);

let parts: Parts;
let client: ApiClient;

beforeAll(async () => {
  parts = await Parts.start({ parts: ['api', 'worker'] });
  client = await parts.client();
});
afterAll(() => parts.stop());

const good = textsCsv({ rows: 60, classes: 3, seed: 3 });
let count = 0;

/** Trains on files that cannot work; the errors that its status shows. */
async function errorsOf(
  files: { name: string; content: string | Uint8Array }[],
  more: Record<string, unknown> = {},
): Promise<string> {
  const model = await client.trainText(`bad-${count++}`, await client.upload(files), more);
  const { errors } = await client.waitForStatus(model, 'failed', 60_000);
  return errors.join('\n');
}

const cases: [string, string | Uint8Array, RegExp][] = [
  [
    'a misspelt column is named, with what is there',
    good.replace('label', 'labl'),
    /"label" is not in.*labl/,
  ],
  ['one class only', 'text,label\na b,x\nc d,x\ne f,x\n', /one class|only one|\[one_class\]/],
  ['an empty file', '', /no rows to train on in train\.csv/i],
  ['a header only', 'text,label\n', /no rows/i],
  ['a quote that never closes', `text,label\n"${'never closed,'.repeat(50)}`, /line|quote/i],
];
test.each(cases)('%s: the training fails and says what to do', async (_, content, expected) => {
  expect(await errorsOf([{ name: 'train.csv', content }])).toMatch(expected);
});

test('more classes than n_target_classes: both figures are given', async () => {
  const model_options = { text_column: 'text', label_column: 'label', n_target_classes: 2 };
  const errors = await errorsOf([{ name: 'train.csv', content: good }], { model_options });
  expect(errors).toMatch(/3.*2|too_many_classes/);
});

test('a file that is no CSV is refused by name', async () => {
  expect(await errorsOf([{ name: 'train.csv.gz', content: gzipSync(good) }])).toMatch(
    /train\.csv\.gz/,
  );
});

test('bad rows are counted and shown, and skipped up to max_bad_rows', async () => {
  const broken = `${good}too,many,fields\nalso,too,many\n`;
  const upload = await client.upload([{ name: 'train.csv', content: broken }]);
  const model = await client.trainText('some-bad-rows', upload);
  const { warnings } = await client.waitForStatus(model, 'complete');
  expect(warnings.join('\n')).toMatch(/train\.csv/);
  const errors = await errorsOf([{ name: 'train.csv', content: broken }], { max_bad_rows: 1 });
  expect(errors).toMatch(/too_many_bad_rows/);
});

test('what was said of the data is said again where its steps come from the cache', async () => {
  const content = `${good}too,many,fields\n`;
  // One label that only test rows have: a warning of the second step.
  const test = await client.upload([{ name: 'test.csv', content: 'text,label\nwords,unheard\n' }]);
  const train = await client.upload([{ name: 'train.csv', content }]);
  const sources = (path: string) => [{ path, location: 'upload' }];
  const data = { supervised_files: sources(train), test_files: sources(test) };
  const learn = async (name: string) => {
    const model = await client.trainText(name, train, { data });
    const { warnings } = await client.waitForStatus(model, 'complete');
    const report = await client.get<Report>(`/api/v2/train/${model}/report`);
    return { model, warnings: [...warnings].sort(), report };
  };
  const [first, again] = [await learn('from-files'), await learn('from-cache')];
  expect(first.warnings.join('\n')).toMatch(/label_only_in_test[^]*bad_row/);
  expect(again.warnings).toEqual(first.warnings);
  expect(sorted(again.report.warnings)).toEqual(sorted(first.report.warnings));
  expect(again.report.stages.map(({ cache }) => cache).slice(0, 2)).toEqual(['hit', 'hit']);
  const logs = await client.get<{ stage: string; stdout: string }[]>(
    `/api/v2/train/${again.model}/logs`,
  );
  expect(logs.find(({ stage }) => stage === 'extract')!.stdout).toMatch(
    /^taken from the cache\nwarning: .*train\.csv.*\[bad_row\]/,
  );
  expect(await parts.command('verify', again.model)).toMatch(/same {7}preprocess\/warnings\.json/);
});

interface Report {
  warnings: { code: string; message: string }[];
  stages: { stage: string; cache: string | null }[];
}

function sorted(warnings: Report['warnings']): string[] {
  return warnings.map(({ code, message }) => `${code}: ${message}`).sort();
}

const refused: [string, Record<string, unknown>, number, RegExp][] = [
  ['no name', { model_name: '' }, 422, /model_name/],
  [
    'no label column',
    { model_options: { text_column: 'text', n_target_classes: 2 } },
    422,
    /label_column/,
  ],
  ['no file', { data: { supervised_files: [] } }, 422, /at least one/],
  [
    'a location that is not available',
    { data: { supervised_files: [{ path: 'x', location: 'gcp' }] } },
    422,
    /invalid file location/,
  ],
  [
    'an unknown location',
    { data: { supervised_files: [{ path: 'x', location: 'moon' }] } },
    422,
    /invalid file location/,
  ],
  [
    'a local path without a configured root',
    { data: { supervised_files: [{ path: '/etc', location: 'local' }] } },
    422,
    /invalid file location/,
  ],
  [
    'an upload id that is no UUID',
    { data: { supervised_files: [{ path: 'x', location: 'upload' }] } },
    400,
    /invalid uuid/,
  ],
  [
    'an upload that is not there',
    {
      data: {
        supervised_files: [{ path: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b', location: 'upload' }],
      },
    },
    404,
    /does not exist/,
  ],
  ['a wrong type', { model_name: 7 }, 400, /error parsing request body/],
  ['a test_split out of range', { train_options: { test_split: 2 } }, 422, /test_split/],
  [
    'a base model that is not there',
    { model_options: null, base_model_id: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b' },
    404,
    /does not exist/,
  ],
];
test.each(refused)('%s is refused before anything is written', async (_, more, status, text) => {
  const upload = await client.upload([{ name: 'train.csv', content: good }]);
  const error = await client.trainText(`refused-${count++}`, upload, more).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).status).toBe(status);
  expect((error as ApiError).body).toMatch(text);
});

test('options that change nothing are accepted with a warning', async () => {
  const upload = await client.upload([{ name: 'train.csv', content: good }]);
  const model = await client.trainText('unused', upload, { train_options: { learning_rate: 0.5 } });
  const { warnings } = await client.waitForStatus(model, 'complete');
  expect(warnings.join('\n')).toMatch(/learning_rate/);
});
