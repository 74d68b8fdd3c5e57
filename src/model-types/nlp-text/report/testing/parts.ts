import type { BundleManifest } from '../../bundle/bundleManifest';
import type { Evaluation } from '../../evaluate/evaluation';
import type { ReportParts } from '../build';

/** A text that does harm where it is not escaped. */
export const evil = '<script>alert("x")</script>';

/** An evaluation with something of everything; `label` stands wherever a label can. */
export function buildEvaluation(label = 'spam'): Evaluation {
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
    intervals: {
      level: 0.95,
      accuracy: { low: 0.1, high: 0.2 },
      macro_f1: { low: 0.4, high: 0.6 },
      micro_f1: { low: 0.4, high: 0.6 },
      resamples: 1000,
    },
    not_measured: {
      labels_without_rows: { count: 1, examples: [label] },
      labels_with_few_rows: { count: 1, examples: [{ label, rows: 2 }] },
      repeated_texts: 1,
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

/** What a report is made of; `text` stands wherever a text of people can. */
export function buildParts(text = 'plain', evaluation = buildEvaluation()): ReportParts {
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
      blankRows: 2,
      otherRows: 1,
      lines: 94,
      replacedRows: 0,
      badRowExamples: [{ file: text, line: 7, reason: text }],
      findings: [{ code: 'bad_row', reason: text, count: 1, places: [{ file: text, line: 7 }] }],
      files: [
        {
          name: text,
          part: 'train',
          sha256: 'c'.repeat(64),
          rows: 90,
          badRows: 1,
          blankRows: 2,
          otherRows: 1,
          lines: 94,
          replacedRows: 0,
          charset: null,
        },
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
