import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageContext, StageWarning } from '../../../stage/stageContext';
import { createDataset } from '../../../data/dataset';
import { nlpText } from '..';
import type { Evaluation } from './evaluation';
import { defaultOptions, type NlpTextOptions } from '../options';
import { quietContext } from '../../../stage/testing/quietContext';

// Trainings take longer than jest's five seconds on a busy machine.
jest.setTimeout(60_000);

type Rows = [text: string, label: string][];

const options: NlpTextOptions = {
  ...defaultOptions,
  label_column: 'label',
  epochs: 5,
  holdout: 0.2,
  seed: 7,
};

const words: Record<string, string[]> = {
  sport: ['goal', 'match', 'team', 'league', 'coach', 'score', 'final'],
  food: ['soup', 'bread', 'cook', 'salt', 'oven', 'taste', 'plate'],
};

/** Rows whose words all tell their label. */
function buildRows(each: number, from = 0): Rows {
  return Object.entries(words).flatMap(([label, own]) =>
    Array.from({ length: each }, (_, i): [string, string] => [
      [0, 1, 2, 3].map((k) => own[(i * (k + 1) + k) % own.length]).join(' ') + ` ${from + i}`,
      label,
    ]),
  );
}

let root: string;
let warnings: StageWarning[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'evaluate-'));
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true }));

function context(stage: string, more: Partial<StageContext> = {}): StageContext {
  const outputs = join(root, stage);
  mkdirSync(outputs, { recursive: true });
  return quietContext(root, outputs, { warn: (warning) => warnings.push(warning), ...more });
}

function write(part: string, rows: Rows): void {
  const writer = createDataset(join(root, 'extract', part), ['text', 'label']);
  for (const row of rows) writer.append(row);
  writer.finish();
}

/** Runs the stages after extract, as the product does: by the model type, one folder after another. */
async function run(
  train: Rows,
  test?: Rows,
  more: Partial<NlpTextOptions> = {},
): Promise<Evaluation> {
  write('train', train);
  if (test) write('test', test);
  for (const stage of ['preprocess', 'train', 'evaluate'] as const) {
    await nlpText.stages[stage]!.run(context(stage), { ...options, ...more });
  }
  return JSON.parse(readFileSync(join(root, 'evaluate', 'evaluation.json'), 'utf8')) as Evaluation;
}

describe('evaluate', () => {
  it('measures a holdout by the model that was trained without it', async () => {
    const { holdout, scores, model, latency_seconds, checks } = await run(buildRows(40));
    expect(holdout).toEqual({ kind: 'holdout', rows: 16 });
    expect(scores.accuracy).toBe(1);
    expect(model.labels).toBe(2);
    expect(latency_seconds).toBeGreaterThan(0);
    expect(checks.rows).toEqual({ train: 80, test: 0 });
  });

  it('measures on the test files, and warns of texts that the training saw', async () => {
    const train = buildRows(30);
    const evaluation = await run(train, [...buildRows(5, 100), train[0]!, ['soup', 'sport']]);
    expect(evaluation.holdout).toEqual({ kind: 'test_files', rows: 12 });
    expect(evaluation.mistakes[0]).toMatchObject({ gold: 'sport', predicted: 'food', count: 1 });
    expect(evaluation.mistakes[0]!.examples[0]).toMatchObject({ row: 12, text: 'soup' });
    expect(evaluation.checks.overlap.count).toBe(1);
    const overlap = warnings.find(({ code }) => code === 'train_test_overlap');
    expect(overlap?.message).toMatch(/^1 test row has the text of a train row: .* shows it\.$/);
  });

  it('says how far its scores can be trusted, the same each time', async () => {
    const test = [...buildRows(5, 100), ['soup', 'sport'] as [string, string]];
    const { scores, intervals } = await run(buildRows(30), test);
    const { accuracy, macro_f1 } = intervals;
    expect(intervals).toMatchObject({ level: 0.95, resamples: 1000 });
    for (const [score, { low, high }] of [
      [scores.accuracy!, accuracy!],
      [scores.macro_f1!, macro_f1!],
    ] as const) {
      expect(low).toBeLessThan(score);
      expect(high).toBeGreaterThan(score);
    }
    await nlpText.stages['evaluate']!.run(context('evaluate', { cores: 2 }), options);
    const again = JSON.parse(
      readFileSync(join(root, 'evaluate', 'evaluation.json'), 'utf8'),
    ) as Evaluation;
    expect(again.intervals).toEqual(intervals);
  });

  it('says what was not measured, and warns of it', async () => {
    const rows = [...buildRows(40), ['delivery van', 'delivery'] as [string, string]];
    const { scores, not_measured: gaps } = await run(rows);
    expect(scores.macro_f1).toBe(1);
    expect(gaps.labels_without_rows).toEqual({ count: 1, examples: ['delivery'] });
    const told = warnings.filter(({ code }) => code === 'labels_not_measured');
    expect(told.map(({ message }) => message)).toEqual([
      '1 of 3 labels has no row to measure on, so the scores say nothing about it: "delivery"',
    ]);
    expect(warnings.map(({ code }) => code)).toContain('label_with_one_row');
  });

  it('doubts no label that the model itself finds likeliest', async () => {
    const rare = ['menu', 'goal', 'plate'].map((text): [string, string] => [text, 'other']);
    const { likely_wrong_labels: wrong } = await run(
      [...buildRows(60), ...rare],
      buildRows(5, 100),
    );
    for (const { label_probability: own, suggested_probability: other } of wrong!.examples) {
      expect(other).toBeGreaterThan(own);
    }
    expect(wrong!.count).toBeLessThanOrEqual(3);
  });

  it('says honestly that nothing was held out', async () => {
    const { holdout, scores, classes } = await run(buildRows(20), undefined, { holdout: 0 });
    expect(holdout).toEqual({ kind: 'none', rows: 0 });
    expect(scores.accuracy).toBeNull();
    expect(classes.every(({ support }) => support === 0)).toBe(true);
  });

  it('points at train labels that are likely wrong', async () => {
    const rows = buildRows(40);
    rows[10]![1] = 'food';
    const { likely_wrong_labels: wrong } = await run(rows, buildRows(5, 100));
    expect(wrong!.checked).toBe(80);
    expect(wrong!.examples[0]).toMatchObject({ row: 11, label: 'food', suggested: 'sport' });
  });

  it('measures a base model on the same rows', async () => {
    await run(buildRows(20));
    cpSync(join(root, 'train', 'model'), join(root, 'base'), { recursive: true });
    for (const stage of ['extract', 'preprocess', 'train', 'evaluate']) {
      rmSync(join(root, stage), { recursive: true });
    }
    const { base } = await run(buildRows(30), buildRows(5, 100));
    expect(base!.scores.accuracy).toBe(1);
    expect(base!.classes.map(({ label }) => label)).toEqual(['food', 'sport']);
  });

  it('stops when it is asked to', async () => {
    await run(buildRows(20));
    const stopped = context('evaluate', { signal: AbortSignal.abort(new Error('stop')) });
    await expect(nlpText.stages['evaluate']!.run(stopped, options)).rejects.toThrow('stop');
  });
});
