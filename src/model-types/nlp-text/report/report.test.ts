import type { BundleManifest } from '../bundleManifest';
import type { Evaluation } from '../evaluation';
import { bazaarMetrics, buildReport, type ReportParts } from './build';
import { renderReportHtml } from './html/page';

const evil = '<script>alert("x")</script>';

function buildEvaluation(label = 'spam'): Evaluation {
  const row = { row: 3, text: evil, gold: [label], predicted: ['ham'], probability: 0.987654321 };
  const checked = { part: 'train' as const, row: 2, label, text: evil };
  const finding = { count: 1, examples: [{ ...checked, first_row: 1, first_label: evil }] };
  const count = { label, train: 2, test: 0 };
  return {
    holdout: { kind: 'holdout', rows: 10 },
    refitted: true,
    head: 'softmax',
    scores: {
      accuracy: 0.123456789,
      macro_f1: 0.5,
      micro_f1: 0.5,
      log_loss: 0.7,
      expected_calibration_error: 0.02,
    },
    precision_at: null,
    calibration_bins: [
      { from: 0, to: 0.5, count: 0, confidence: null, accuracy: null },
      { from: 0.5, to: 1, count: 10, confidence: 0.9, accuracy: 0.8 },
    ],
    classes: [
      { label, precision: 2 / 3, recall: null, f1: null, support: 0 },
      { label: 'ham', precision: 1, recall: 0.5, f1: 2 / 3, support: 10 },
    ],
    unknown_labels: [{ label: evil, rows: 1 }],
    mistakes: [{ gold: label, predicted: 'ham', count: 1, examples: [row] }],
    confusion: {
      labels: [label, 'ham'],
      counts: [
        [0, 1],
        [0, 9],
      ],
    },
    worst: [row],
    base: null,
    checks: {
      rows: { train: 90, test: 0 },
      empty_texts: finding,
      duplicates: finding,
      conflicts: finding,
      overlap: finding,
      labels: [count],
      label_count: 1,
      rare_labels: { count: 1, examples: [count] },
      test_only_labels: { count: 1, examples: [count] },
    },
    likely_wrong_labels: {
      checked: 90,
      count: 1,
      examples: [
        {
          row: 1,
          text: evil,
          label,
          suggested: evil,
          label_probability: 0,
          suggested_probability: 1,
        },
      ],
    },
    model: {
      parameters: 20,
      bytes: 1234,
      labels: 2,
      features: 9,
      precision: 'float32',
      encoder: null,
    },
    latency_seconds: 0.0001,
  };
}

function buildParts(text = 'plain', evaluation = buildEvaluation()): ReportParts {
  const file = { sha256: 'b'.repeat(64), bytes: 1 };
  return {
    model: { id: 'model-id', name: text, type: 'nlp-text', baseModelId: null },
    run: { id: 'run-id', startedAt: new Date(0), options: { text_column: text, epochs: null } },
    stages: [{ stage: 'extract', seconds: 1.23456, cache: 'hit', attempts: 2 }],
    warnings: [{ code: 'bad_row', message: text }],
    metrics: [
      { name: 'train_loss', step: 2, value: 0.1 },
      { name: 'train_loss', step: 1, value: 1 / 3 },
    ],
    extract: {
      readerVersion: 1,
      rows: 90,
      badRows: 1,
      badRowExamples: [{ file: text, line: 7, reason: text }],
      files: [
        { name: text, part: 'train', sha256: 'c'.repeat(64), rows: 90, badRows: 1, charset: null },
      ],
    },
    training: { epochs: 2 },
    evaluation,
    manifest: {
      seed: 7,
      data_hash: 'a'.repeat(64),
      code_version: '1.2.3',
      train_version: 4,
      files: { 'features.bin': file, 'model.onnx': file },
    } as BundleManifest,
    onnxruntimeVersion: '1.30.0',
  };
}

describe('buildReport', () => {
  it("gives the metrics of each class in the Model Bazaar's shape", () => {
    expect(buildReport(buildParts()).after_train_metrics).toEqual({
      spam: { precision: 0.667, recall: 'NaN', fmeasure: 'NaN' },
      ham: { precision: 1, recall: 0.5, fmeasure: 0.667 },
    });
  });

  it('says how the base model did when there was one, and nothing otherwise', () => {
    expect(buildReport(buildParts())).not.toHaveProperty('before_train_metrics');
    const { scores, classes } = buildEvaluation('old');
    const based = { ...buildEvaluation(), base: { scores, classes } };
    const { before_train_metrics: before } = buildReport(buildParts('plain', based));
    expect(Object.keys(before!)).toEqual(['old', 'ham']);
  });

  it('takes any name for a label', () => {
    const metrics = bazaarMetrics([
      { label: '__proto__', precision: 1, recall: 1, f1: 1, support: 1 },
    ]);
    expect(JSON.stringify(metrics)).toContain('"__proto__":{"precision":1');
  });

  it('orders a history by step, and rounds to sensible digits', () => {
    const { history, scores, stages } = buildReport(buildParts());
    expect(history).toEqual([
      {
        name: 'train_loss',
        points: [
          { step: 1, value: 0.33333 },
          { step: 2, value: 0.1 },
        ],
      },
    ]);
    expect(scores.accuracy).toBe(0.12346);
    expect(stages[0]!.seconds).toBe(1.235);
  });

  it('names everything that decides the bytes of the model', () => {
    expect(buildReport(buildParts()).lineage).toEqual({
      data_hash: 'a'.repeat(64),
      code_version: '1.2.3',
      train_version: 4,
      onnxruntime_version: '1.30.0',
      base_model_id: null,
      model_files: { 'features.bin': 'b'.repeat(64), 'model.onnx': 'b'.repeat(64) },
    });
  });
});

describe('renderReportHtml', () => {
  it('escapes names, labels, texts, options and messages wherever they come from', () => {
    const page = renderReportHtml(buildReport(buildParts(evil, buildEvaluation(evil))));
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  });

  it('keeps a quote from ending an attribute', () => {
    const label = '" onmouseover="alert(1)';
    const page = renderReportHtml(buildReport(buildParts('plain', buildEvaluation(label))));
    expect(page).not.toContain('" onmouseover="');
  });

  it('needs no script, file or address', () => {
    const page = renderReportHtml(buildReport(buildParts()));
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form)|\b(src|href)=|url\(|@import/);
  });

  it('draws charts without a number gone wrong', () => {
    const page = renderReportHtml(buildReport(buildParts()));
    expect(page).toContain('<polyline');
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('says so when nothing was held out', () => {
    const nothing: Evaluation = {
      ...buildEvaluation(),
      holdout: { kind: 'none', rows: 0 },
      scores: {
        accuracy: null,
        macro_f1: null,
        micro_f1: null,
        log_loss: null,
        expected_calibration_error: null,
      },
      classes: [],
      mistakes: [],
      confusion: { labels: [], counts: [] },
      worst: [],
    };
    const page = renderReportHtml(buildReport({ ...buildParts('plain', nothing), metrics: [] }));
    expect(page).toContain('Nothing was measured');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});
