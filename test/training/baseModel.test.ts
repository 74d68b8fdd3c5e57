import type { ApiClient } from '../support/apiClient';
import { Parts } from '../support/parts';
import { textsCsv } from '../support/texts';
import { goDocTraining, goTrainingFromBase } from '../conformance/goBodies';
import { person } from '../conformance/wire';

jest.setTimeout(240_000);

let parts: Parts;
let client: ApiClient;

beforeAll(async () => {
  parts = await Parts.start();
  client = await parts.client();
});
afterAll(() => parts.stop());

interface ClassMetrics {
  label: string;
  recall: number | null;
  support: number;
}

interface Report {
  holdout: { kind: string; rows: number };
  head: string;
  scores: { accuracy: number };
  classes: ClassMetrics[];
  base: { classes: ClassMetrics[] } | null;
  before_train_metrics?: Record<string, object>;
  after_train_metrics: Record<string, object>;
  data: { files: { name: string; part: string; rows: number }[] };
  checks: { rows: { train: number; test: number }; labels: { label: string }[] };
}

const [head, ...all] = textsCsv({ rows: 1200, classes: 6, seed: 9 }).trimEnd().split('\n');
const csvOf = (rows: string[]) => [head, ...rows].join('\n');
const of = (rows: string[], ...classes: number[]) =>
  rows.filter((row) => classes.some((label) => row.endsWith(`,class-${label}`)));
/** What trainings see, and what none of them does. */
const [seen, unseen] = [all.slice(0, 600), all.slice(600)];

const upload = (content: string, name = 'train.csv') => client.upload([{ name, content }]);
const sources = (...ids: string[]) => ids.map((path) => ({ path, location: 'upload' }));
const reportOf = (model: string) => client.get<Report>(`/api/v2/train/${model}/report`);

async function complete(model: string): Promise<Report> {
  await client.waitForStatus(model, 'complete');
  return reportOf(model);
}

/** Share of the rows with these labels that were predicted right. */
function accuracyOn(classes: ClassMetrics[], labels: number[]): number {
  const names = labels.map((label) => `class-${label}`);
  const rows = classes.filter(({ label }) => names.includes(label));
  const right = rows.reduce((sum, { recall, support }) => sum + recall! * support, 0);
  return right / rows.reduce((sum, { support }) => sum + support, 0);
}

describe('a base model', () => {
  let base: string;
  const old = [0, 1, 2];

  beforeAll(async () => {
    base = await client.trainText('base', await upload(csvOf(of(seen, ...old))), {
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 5 },
    });
    await client.waitForStatus(base, 'complete');
  });

  async function trainFromBase(name: string, rows: string[], more: object = {}): Promise<string> {
    const body = { ...goTrainingFromBase(name, base, await upload(csvOf(rows))), ...more };
    return (await client.post<{ model_id: string }>('/api/v2/train/nlp-text', body)).model_id;
  }

  it('learns a new label from new rows, and keeps the old ones almost without old rows', async () => {
    const test = await upload(csvOf(of(unseen, ...old, 3)), 'test.csv');
    const rows = [...of(seen, 3), ...old.flatMap((label) => of(seen, label).slice(0, 3))];
    const train = await upload(csvOf(rows));
    const model = await trainFromBase('grown', rows, {
      data: { supervised_files: sources(train), test_files: sources(test) },
    });
    const { classes, base: before, ...report } = await complete(model);
    expect(report.holdout).toEqual({ kind: 'test_files', rows: of(unseen, ...old, 3).length });
    expect(classes.map(({ label }) => label)).toEqual(['class-0', 'class-1', 'class-2', 'class-3']);
    expect(Object.keys(report.before_train_metrics!)).toContain('class-0');
    expect(accuracyOn(classes, [3])).toBeGreaterThan(0.8);
    const [was, is] = [accuracyOn(before!.classes, old), accuracyOn(classes, old)];
    expect(was).toBeGreaterThan(0.8);
    expect(is).toBeGreaterThan(was - 0.05);
  });

  it('takes no more labels than its n_target_classes', async () => {
    const model = await trainFromBase('too many', of(seen, 3, 4, 5));
    const { errors } = await client.waitForStatus(model, 'failed');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/6 labels.*n_target_classes is 5.*class-[345].*\[too_many_classes\]/);
  });

  it('is refused with model_options, for another type, and to those who may not read it', async () => {
    const body = goTrainingFromBase('refused', base, await upload(csvOf(seen)));
    const post = (who: ApiClient, more: object) =>
      who.post('/api/v2/train/nlp-text', { ...body, ...more });
    await expect(post(client, { model_options: {} })).rejects.toMatchObject({
      status: 422,
      body: expect.stringContaining('model_options') as string,
    });
    await expect(post(client, { doc_classification: true })).rejects.toMatchObject({
      status: 422,
      body: expect.stringContaining('nlp-text') as string,
    });
    const ben = await person(parts, 'ben');
    const his = await ben.upload([{ name: 'train.csv', content: csvOf(seen) }]);
    const data = { supervised_files: sources(his) };
    await expect(post(ben, { data })).rejects.toMatchObject({ status: 403 });
    await client.post(`/api/v2/model/${base}/access`, { access: 'public' });
    await expect(post(ben, { data })).resolves.toHaveProperty('model_id');
    await client.post(`/api/v2/model/${base}/access`, { access: 'private' });
    const models =
      await client.get<{ username: string; model_name: string }[]>('/api/v2/model/list');
    const refused = models.filter(({ model_name }) => model_name === 'refused');
    expect(refused.map(({ username }) => username)).toEqual(['ben']);
  });

  it('may be a saved model, and may be deleted afterwards', async () => {
    const saved = await client.post<{ model_id: string }>(`/api/v2/deploy/${base}/save`, {
      model_name: 'saved base',
    });
    await client.waitForStatus(saved.model_id, 'complete');
    const model = await trainFromBase('from saved', of(seen, 0, 4), {
      base_model_id: saved.model_id,
    });
    const { classes } = await complete(model);
    expect(classes.map(({ label }) => label)).toContain('class-4');
    expect(await parts.command('verify', model)).toMatch(/all \d+ files are the same/);
    await client.send(`/api/v2/model/${saved.model_id}`, { method: 'DELETE' });
    expect(await client.trainStatus(model)).toMatchObject({ status: 'complete' });
    // Without the base it would be another training, whose files say nothing of this one.
    await expect(parts.command('verify', model)).rejects.toThrow(
      /base model of this training was deleted.*\[base_model_gone\]/,
    );
  });

  it('that was deleted cannot be gone on from by a retry', async () => {
    const { model_id } = await client.post<{ model_id: string }>(`/api/v2/deploy/${base}/save`, {
      model_name: 'short-lived base',
    });
    await client.waitForStatus(model_id, 'complete');
    const model = await trainFromBase('orphan', of(seen, 3, 4, 5), { base_model_id: model_id });
    await expect(client.send(`/api/v2/model/${model_id}`, { method: 'DELETE' })).rejects.toThrow(
      'used as a base by 1 unfinished model',
    );
    await client.waitForStatus(model, 'failed');
    await client.send(`/api/v2/model/${model_id}`, { method: 'DELETE' });
    await expect(client.post(`/api/v2/train/${model}/retry`, {})).rejects.toMatchObject({
      status: 422,
      body: expect.stringContaining('base model of this training was deleted') as string,
    });
  });
});

describe('what a model is measured on', () => {
  test('test_files, which no training sees', async () => {
    const [train, test] = [await upload(csvOf(seen)), await upload(csvOf(unseen), 'test.csv')];
    const model = await client.trainText('test files', train, {
      data: { supervised_files: sources(train), test_files: sources(test) },
      train_options: { test_split: 0.5 },
    });
    const report = await complete(model);
    expect(report.holdout).toEqual({ kind: 'test_files', rows: unseen.length });
    expect(report.checks.rows).toEqual({ train: seen.length, test: unseen.length });
    expect(report.scores.accuracy).toBeGreaterThan(0.7);
    const { warnings } = await client.trainStatus(model);
    expect(warnings.join('\n')).toContain('test_split');
  });

  test('test_split, a share of each label', async () => {
    const model = await client.trainText('test split', await upload(csvOf(seen)), {
      train_options: { test_split: 0.25 },
    });
    const { holdout, classes } = await complete(model);
    expect(holdout.kind).toBe('test_split');
    expect(Math.abs(holdout.rows - seen.length / 4)).toBeLessThan(10);
    for (const { support, label } of classes) {
      const rows = seen.filter((row) => row.endsWith(`,${label}`)).length;
      expect(Math.abs(support - rows / 4)).toBeLessThan(4);
    }
  });
});

test('several labels in one cell make a head that answers each by itself', async () => {
  const both = of(seen, 0, 1, 2, 3).map((row) => {
    const twin = row.endsWith('-0') ? of(seen, 1)[0]! : of(seen, 0)[0]!;
    const [text, label] = row.split(',') as [string, string];
    const [more, other] = twin.split(',') as [string, string];
    return text.length % 2 === 0 ? row : `${text} ${more},${label}|${other}`;
  });
  const model = await client.trainText('labels', await upload(csvOf(both)), {
    model_options: {
      text_column: 'text',
      label_column: 'label',
      n_target_classes: 4,
      label_delimiter: '|',
    },
    deploy_when_complete: true,
  });
  const { head: kind, classes } = await complete(model);
  expect(kind).toBe('sigmoid');
  expect(classes.map(({ label }) => label)).toEqual(['class-0', 'class-1', 'class-2', 'class-3']);
  // Nobody asked for the deployment by a request of its own; deploying again only waits for it.
  await client.deploy(model);
  const text = [of(seen, 2)[0]!, of(seen, 0)[0]!].map((row) => row.split(',')[0]!).join(' ');
  const answer = await client.predict<{
    data: { prediction_results: { predicted_classes: { class: string; score: number }[] } };
  }>(model, { text });
  const { predicted_classes } = answer.data.prediction_results;
  expect(predicted_classes).toHaveLength(4);
  const best = predicted_classes.slice(0, 2).map((found) => found.class);
  expect(best.sort()).toEqual(['class-0', 'class-2']);
});

test('labels as a list in JSON Lines make such a head too', async () => {
  const lines = of(seen, 0, 1, 2).map((row, i) => {
    const [text, label] = row.split(',') as [string, string];
    return `${JSON.stringify({ text, label: i % 3 === 0 ? [label, 'every third'] : [label] })}\n`;
  });
  const model = await client.trainText('lists', await upload(lines.join(''), 'train.jsonl'));
  const { head: kind, classes } = await complete(model);
  expect(kind).toBe('sigmoid');
  expect(classes.map(({ label }) => label)).toEqual([
    'class-0',
    'class-1',
    'class-2',
    'every third',
  ]);
});

describe('documents', () => {
  const words = (label: string, i: number) =>
    label === 'spam'
      ? `win a great prize now, claim offer number ${i} today`
      : `the meeting about project ${i} moves to the afternoon`;
  /** The same text as a mail, a page or plain text. */
  const formats: [string, (text: string) => string][] = [
    ['txt', (text) => text],
    [
      'eml',
      (text) =>
        `From: a@example.org\r\nSubject: hello\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`,
    ],
    ['html', (text) => `<html><head><title>x</title></head><body><p>${text}</p></body></html>`],
  ];
  const files = (label: string) =>
    Array.from({ length: 15 }, (_, i) => {
      const [extension, wrap] = formats[i % 3]!;
      return { name: `${i}.${extension}`, content: wrap(words(label, i)) };
    });

  async function classOf(model: string, text: string): Promise<string> {
    const answer = await client.predict<{
      data: { prediction_results: { predicted_classes: { class: string }[] } };
    }>(model, { text });
    return answer.data.prediction_results.predicted_classes[0]!.class;
  }

  it('take their class from the sub_dir of their upload', async () => {
    const ids = await Promise.all(
      ['spam', 'ham'].map((label) => client.upload(files(label), label)),
    );
    const body = { ...goDocTraining('sub dirs', ids, 2), deploy_when_complete: true };
    const { model_id } = await client.post<{ model_id: string }>('/api/v2/train/nlp-text', body);
    const { classes } = await complete(model_id);
    expect(classes.map(({ label }) => label)).toEqual(['ham', 'spam']);
    expect(await client.get(`/api/v2/model/${model_id}`)).toMatchObject({ type: 'nlp-doc' });
    await client.deploy(model_id);
    expect(await classOf(model_id, 'claim your great prize')).toBe('spam');
    expect(await classOf(model_id, 'the project meeting')).toBe('ham');
  });

  it('take their class from their folder, and one that cannot be read is skipped', async () => {
    const inFolders = ['spam', 'ham'].flatMap((label) =>
      files(label).map(({ name, content }) => ({ name: `mails/${label}/${name}`, content })),
    );
    const broken = { name: 'mails/ham/broken.pdf', content: 'no PDF at all' };
    const uploadId = await client.upload([...inFolders, broken]);
    const body = goDocTraining('folders', [uploadId], 2);
    const { model_id } = await client.post<{ model_id: string }>('/api/v2/train/nlp-text', body);
    const report = await complete(model_id);
    expect(report.checks.labels.map(({ label }) => label).sort()).toEqual(['ham', 'spam']);
    expect(report.checks.rows.train).toBe(30);
    const { warnings } = await client.trainStatus(model_id);
    expect(warnings.join('\n')).toMatch(/broken\.pdf/);
  });

  it('fail by name when they lie in no folder', async () => {
    const body = goDocTraining('no folder', [await client.upload(files('spam'))], 2);
    const { model_id } = await client.post<{ model_id: string }>('/api/v2/train/nlp-text', body);
    const { errors } = await client.waitForStatus(model_id, 'failed');
    expect(errors.join('\n')).toMatch(/\.(txt|eml|html) lies in no folder.*sub_dir/);
  });
});
