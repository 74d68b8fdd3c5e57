import type { Evaluation } from '../evaluate/evaluation';
import { bazaarMetrics } from '../../reporting/commonReport';
import { buildReport } from './build';
import { renderReportHtml } from './html/page';
import { withholdExamples } from './withhold';
import { buildEvaluation, buildParts, evil } from './testing/parts';

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
    const metrics = bazaarMetrics([{ label: '__proto__', precision: 1, recall: 1, f1: 1 }]);
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

describe('withholdExamples', () => {
  it('leaves no text of the training data', () => {
    const parts = buildParts(evil, buildEvaluation());
    parts.warnings = [{ code: 'bad_row', message: `2 rows were skipped: ${evil}` }];
    const report = withholdExamples(buildReport(parts));
    const { mistakes, worst, checks, likely_wrong_labels: wrong, data, warnings } = report;
    expect(mistakes).toEqual([{ gold: 'spam', predicted: 'ham', count: 1, examples: [] }]);
    expect([worst, wrong!.examples, data.findings, data.bad_row_examples]).toEqual(
      Array(4).fill([]),
    );
    expect(warnings).toEqual([{ code: 'bad_row', message: '2 rows were skipped' }]);
    expect(checks.duplicates).toEqual({ count: 1, examples: [] });
    expect(checks.rare_labels.examples).toHaveLength(1);
  });
});

describe('renderReportHtml', () => {
  it('puts warnings before scores, what is wrong with the data first, one line a kind', () => {
    const warnings = [
      { code: 'label_only_in_test', message: 'a label' },
      { code: 'charset', message: 'first charset' },
      { code: 'charset', message: 'second charset' },
    ];
    const page = renderReportHtml(buildReport({ ...buildParts(), warnings }));
    const places = ['first charset', 'and 1 more', 'second charset', 'a label', 'class="cards"'];
    const at = places.map((part) => page.indexOf(part));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
  });

  it('says how far the scores can be trusted, and what they leave out', () => {
    const page = renderReportHtml(buildReport(buildParts())).replace(/\s+/g, ' ');
    expect(page).toContain('10.0 % to 20.0 %');
    expect(page).toContain('a bootstrap of 1,000 resamples');
    expect(page).toContain('labels has no measured row: spam.');
    expect(page).toContain('one or two measured rows');
    expect(page).toContain('measured row has the text of a train row');
  });

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
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
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
