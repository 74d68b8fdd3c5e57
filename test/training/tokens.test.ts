import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { until } from '../support/poll';
import { allocationsBelow } from '../support/processes';
import { unzip } from '../conformance/unzip';

jest.setTimeout(5 * 60_000);

let parts: Parts;
let client: ApiClient;

const names = ['Ana', 'Bob', 'Carl', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jane'];
const cities = ['Rome', 'Oslo', 'Lima', 'Cairo', 'Quito', 'Delhi', 'Tunis', 'Paris'];

/** Sentences whose names and cities stand where they can be learned. */
function sentence(i: number): [source: string, target: string] {
  const [name, city] = [names[i % names.length]!, cities[i % cities.length]!];
  if (i % 3 === 0) return [`${name} lives in ${city} now`, 'NAME O O CITY O'];
  if (i % 3 === 1) return [`the train to ${city} takes ${name}`, 'O O O CITY O NAME'];
  return [`nobody was there on day ${i}`, 'O O O O O O'];
}

const csv = (from: number, to: number): string =>
  [
    'source,target',
    ...Array.from({ length: to - from }, (_, i) => sentence(from + i).join(',')),
  ].join('\n');

const options = {
  target_labels: ['NAME', 'CITY', 'EMAIL'],
  source_column: 'source',
  target_column: 'target',
};

beforeAll(async () => {
  parts = await Parts.start();
  client = await parts.client();
});
afterAll(() => parts?.stop());

async function upload(content: string, name = 'rows.csv'): Promise<string> {
  return client.upload([{ name, content }]);
}

async function start(name: string, body: object): Promise<string> {
  const reply = await client.post<{ model_id: string }>('/api/v2/train/nlp-token', {
    model_name: name,
    ...body,
  });
  return reply.model_id;
}

const filesOf = (path: string) => ({ supervised_files: [{ path, location: 'upload' }] });

interface Reply {
  data: {
    prediction_results: {
      tokens: string[];
      predicted_tags: string[][];
      spans: { tag: string; start: number; end: number; text: string; source: string }[];
    };
  };
}

const predict = (model: string, text: string) =>
  client.post<Reply>(`/${model}/predict`, { text, top_k: 5, data_type: 'unstructured' });

async function modelFiles(model: string): Promise<string> {
  const response = await client.fetch(`/api/v2/model/${model}/download`);
  const files = await unzip(Buffer.from(await response.arrayBuffer()));
  return [...files]
    .filter(([path]) => /(features\.bin|model\.onnx|rehearsal\.bin)$/.test(path))
    .map(([, bytes]) => bytes.toString('hex'))
    .join();
}

let first: string;

test('a training from CSV measures before and after, and its report has the shape that clients know', async () => {
  const test_files = [{ path: await upload(csv(300, 330)), location: 'upload' }];
  first = await start('first', {
    model_options: options,
    data: { ...filesOf(await upload(csv(0, 300))), test_files },
  });
  await client.waitForStatus(first, 'complete');
  const report = await client.get<Record<string, unknown>>(`/api/v2/train/${first}/report`);
  expect(report).toMatchObject({
    before_train_metrics: { NAME: { precision: 'NaN', recall: 0, fmeasure: 'NaN' } },
    after_train_metrics: {
      NAME: { precision: 1, recall: 1, fmeasure: 1 },
      EMAIL: { precision: 'NaN', recall: 'NaN', fmeasure: 'NaN' },
    },
    after_train_examples: {
      true_positives: {
        NAME: expect.arrayContaining([
          {
            source: 'Ana lives in Quito now',
            target: 'NAME O O CITY O',
            predictions: 'NAME O O CITY O',
            index: 0,
          },
        ]),
      },
    },
    measured: { spans: { f1: 1 }, likely_wrong_tags: { count: 0 } },
  });
  const page = await client.fetch(`/api/v2/train/${first}/report.html`);
  expect(await page.text()).toContain('token classifier, 2 learned');
});

test('deployed, it gives tokens their tags, by what was learned and by rules, at offsets of the text', async () => {
  await client.deploy(first);
  const { data } = await predict(first, '\u{1F600} Ana  lives in Rome , mail ana@example.com');
  const { tokens, predicted_tags, spans } = data.prediction_results;
  expect(tokens[1]).toBe('Ana');
  expect(predicted_tags.flat()).toEqual(['O', 'NAME', 'O', 'O', 'CITY', 'O', 'O', 'EMAIL']);
  expect(spans.map(({ tag, start, end, text, source }) => [tag, start, end, text, source])).toEqual(
    [
      ['NAME', 2, 5, 'Ana', 'learned'],
      ['CITY', 16, 20, 'Rome', 'learned'],
      ['EMAIL', 28, 43, 'ana@example.com', 'rule'],
    ],
  );
  const labels = await client.get<{ data: string[] }>(`/${first}/get_labels`);
  expect(labels.data).toEqual(['NAME', 'CITY', 'EMAIL', 'O']);
  const many = await client.post<{ data: { prediction_results: unknown[] } }>(`/${first}/predict`, {
    texts: ['', 'Bob', '\u05E9\u05DC\u05D5\u05DD \0 x'],
  });
  expect(many.data.prediction_results).toHaveLength(3);
  await expect(client.post(`/${first}/predict`, { text: 'x', data_type: 'pdf' })).rejects.toThrow(
    '422',
  );
});

test('in XML each tag has its place in the document', async () => {
  const text =
    'log \u{1F600}: <o><p id="1">Ana lives in Rome</p><p id="2" mail="write to ana@example.com"/></o>';
  const { data } = await client.post<{
    data: { prediction_results: { predictions: { label: string; location: object }[] } };
  }>(`/${first}/predict`, { text, data_type: 'xml' });
  const { predictions } = data.prediction_results;
  expect(predictions.map(({ label, location }) => [label, location])).toEqual([
    ['NAME', placeOf(20, 23, 0, 3, '/o/p[@id="1"]', null, 'Ana')],
    ['CITY', placeOf(33, 37, 13, 17, '/o/p[@id="1"]', null, 'Rome')],
    ['EMAIL', placeOf(66, 81, 9, 24, '/o/p[@id="2"]', 'mail', 'ana@example.com')],
  ]);
  const bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';
  for (const broken of ['no xml', '<a><b></a>', bomb]) {
    const refused = client.post(`/${first}/predict`, { text: broken, data_type: 'xml' });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  }
});

function placeOf(
  start: number,
  end: number,
  localStart: number,
  localEnd: number,
  xpath: string,
  attribute: string | null,
  value: string,
): object {
  return {
    global_char_span: { start, end },
    local_char_span: { start: localStart, end: localEnd },
    xpath_location: { xpath, attribute },
    value,
  };
}

test('a base model is where the weights start: a new tag joins, and the old ones are still found', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const fruit = ['apple', 'pear', 'plum', 'fig'][i % 4]!;
    return i % 2 === 0 ? `a ripe ${fruit} fell,O O FRUIT O` : 'nothing fell today,O O O';
  });
  const model = await start('with-fruit', {
    base_model_id: first,
    data: filesOf(await upload(['source,target', ...rows].join('\n'))),
  });
  await client.waitForStatus(model, 'complete');
  await client.deploy(model);
  const { data } = await predict(model, 'Ana lives in Rome with a ripe plum');
  expect(data.prediction_results.predicted_tags.flat().join(' ')).toBe('NAME O O CITY O O O FRUIT');
});

test('CoNLL files and spans by characters train as well', async () => {
  const conll = Array.from({ length: 60 }, (_, i) => {
    const [source, target] = sentence(i);
    const tags = target.split(' ');
    return source
      .split(' ')
      .map((word, t) => `${word} NN ${tags[t] === 'O' ? 'O' : `I-${tags[t]}`}`);
  });
  const text = `-DOCSTART- -X- O\n\n${conll.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  const jsonl = Array.from({ length: 60 }, (_, i) => {
    const name = names[i % names.length]!;
    return JSON.stringify({
      text: `Hello ${name}!`,
      spans: [{ start: 6, end: 6 + name.length, label: 'NAME' }],
    });
  }).join('\n');
  const path = await client.upload([
    { name: 'a.conll', content: text },
    { name: 'b.jsonl', content: jsonl },
  ]);
  const model = await start('mixed', { model_options: options, data: filesOf(path) });
  await client.waitForStatus(model, 'complete');
  await client.deploy(model);
  const { data } = await predict(model, 'Hello Fay!');
  expect(data.prediction_results.spans).toMatchObject([{ tag: 'NAME', start: 6, end: 9 }]);
});

test('tags with rules alone need no data', async () => {
  const model = await start('rules', { model_options: { target_labels: ['IBAN', 'IPADDRESS'] } });
  await client.waitForStatus(model, 'complete');
  await client.deploy(model);
  const { data } = await predict(model, 'pay DE89 3704 0044 0532 0130 00 from 10.0.0.1');
  expect(data.prediction_results.spans.map(({ tag }) => tag)).toEqual(['IBAN', 'IPADDRESS']);
});

test('killed with its worker in the middle of the training it gives the same bytes', async () => {
  const data = filesOf(await upload(csv(0, 1500)));
  const body = { model_options: options, train_options: { epochs: 1000 }, data, cache: 'off' };
  const calm = await start('calm', body);
  await client.waitForStatus(calm, 'complete');
  const model = await start('killed', body);
  await until('there is a checkpoint', async () => {
    const { stages } = await client.get<{
      stages: { stage: string; checkpoint_step: number | null }[];
    }>(`/api/v2/train/${model}/progress`);
    return stages.some((row) => row.stage === 'train' && (row.checkpoint_step ?? 0) > 0);
  });
  await parts.kill('worker');
  for (const { pid } of allocationsBelow(parts.home)) process.kill(pid, 'SIGKILL');
  await parts.startPart('worker');
  await client.waitForStatus(model, 'complete');
  expect(await modelFiles(model)).toBe(await modelFiles(calm));
});

test('verify trains it again and finds the same bytes', async () => {
  expect(await parts.command('verify', first)).toMatch(/all \d+ files are the same/);
});

test('bad requests and bad data are told with what is allowed', async () => {
  await expect(start('', { model_options: {} })).rejects.toMatchObject({
    body: expect.stringContaining('model_options.target_labels must hold at least one tag'),
  });
  const unequal = await start('unequal', {
    model_options: options,
    max_bad_rows: 0,
    data: filesOf(await upload('source,target\na b c,O O\nAna,NAME')),
  });
  const { errors } = await client.waitForStatus(unequal, 'failed');
  expect(errors.join()).toContain(
    'rows.csv, line 2: number of source tokens: 3 ≠ number of target tokens: 2',
  );
  const outside = await start('outside', {
    model_options: options,
    data: filesOf(await upload('source,target\na b,O O\nc d,NAMES O')),
  });
  const done = await client.waitForStatus(outside, 'complete');
  expect(done.warnings.join('\n')).toContain(
    'Found unexpected entity tag "NAMES" (1 training span)',
  );
  expect(done.warnings.join('\n')).toContain('did you mean "NAME"?');
});
