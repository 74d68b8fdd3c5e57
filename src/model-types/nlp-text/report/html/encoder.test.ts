import type { FrozenTraining, FullTraining } from '../../encoder/encoderTraining';
import type { QuantizationTrial } from '../../encoder/tryQuantized';
import type { Evaluation } from '../../evaluate/evaluation';
import { buildReport } from '../build';
import { buildEvaluation, buildParts, evil } from '../testing/parts';
import { renderReportHtml } from './page';

const trial: QuantizationTrial = {
  kept: true,
  texts: 512,
  measure: 'accuracy',
  full_precision: 0.914,
  int8: 0.9119,
  allowed_drop: 0.005,
};

const common = {
  format: 1,
  algorithm: 'one of these',
  encoder: {
    name: 'MiniLM',
    hash: `0123456789abc${'d'.repeat(51)}`,
    training: 'frozen',
    max_length: 128,
    long_texts: 'window',
    family: 'bert',
    layers: 6,
    hidden: 384,
    pooling: 'mean',
    normalize: true,
  },
  head: 'softmax',
  rows: 12_000,
  labels: 2,
  texts: { texts: 12_000, cut: 3, windowed: 1234, empty: 2, unknown: 1 },
  calibration: { scale: 1, shift: 0 },
  refitted_on_all_rows: false,
  precision: 'float32',
  quantization: null,
} satisfies Partial<FrozenTraining>;

const frozen: FrozenTraining = {
  ...common,
  features: 384,
  strength: 30,
  trials: [3, 10, 30, 100].map((strength) => ({ strength, loss: 1 / strength })),
  folds: 3,
};

const full: FullTraining = {
  ...common,
  encoder: { ...common.encoder, training: 'full' },
  trained_rows: 9000,
  validation_rows: 500,
  windows: 10_000,
  epochs: { most: 20, done: 7 },
  batch_size: 32,
  learning_rate: 2e-4,
  warmup: 0.1,
  weight_decay: 0.01,
  clip_norm: 1,
  dropout: 0.1,
  patience: 3,
  lengths: [32, 128],
  memory_mb: { one_thread: 1400, two_threads: 1800 },
  steps: { done: 2191, best: 1252 },
  stopped_early: true,
  history: [],
};

function evaluationOf(training: 'frozen' | 'full'): Evaluation {
  const evaluation = buildEvaluation();
  const encoder = { name: 'MiniLM', hash: common.encoder.hash, family: 'bert', training };
  return {
    ...evaluation,
    measured_texts: { texts: 1500, cut: 4, windowed: 31, empty: 5, unknown: 6 },
    model: { ...evaluation.model, features: null, encoder },
  };
}

const reportOf = (
  training: FrozenTraining | FullTraining,
  evaluation = evaluationOf(training.encoder.training),
) => buildReport({ ...buildParts('plain', evaluation), training });

/** The section's text, without markup. */
function sectionOf(...args: Parameters<typeof reportOf>): string {
  const page = renderReportHtml(reportOf(...args));
  const [section] = /<section>\s*<h2>Encoder<\/h2>.*?<\/section>/s.exec(page) ?? [''];
  return section
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

describe('what the page says of an encoder', () => {
  it('is nothing where there was none', () => {
    expect(renderReportHtml(buildReport(buildParts()))).not.toContain('<h2>Encoder</h2>');
  });

  it('is which one it was, and how a head was chosen for it', () => {
    const section = sectionOf(frozen);
    expect(section).toContain('encoder MiniLM, bert, 0123456789ab training frozen:');
    expect(section).toContain(
      'head strength 30, of 4 strengths that were tried on rows held out (3 folds)',
    );
    expect(section).toContain('long texts read in overlapping windows of 128 tokens');
    expect(sectionOf({ ...frozen, trials: [], folds: 0 })).toContain('no rows to choose it on');
  });

  it('is how far it was trained whole, and by what the weights were chosen', () => {
    const section = sectionOf(full);
    expect(section).toContain('training full:');
    expect(section).toContain(
      'epochs 7 of at most 20, 2,191 steps, ended as validation got no better; the weights are those after step 1,252, the best by 500 validation rows',
    );
    const unjudged = sectionOf({ ...full, stopped_early: false, validation_rows: 0 });
    expect(unjudged).toContain('7 of at most 20, 2,191 steps long texts');
  });

  it('is how many texts were windowed, cut, empty or unknown, of those learnt from and those measured', () => {
    const section = sectionOf(frozen);
    expect(section).toContain('read texts in windows cut empty unknown');
    expect(section).toContain('to learn 12,000 1,234 3 2 1');
    expect(section).toContain('to measure 1,500 31 4 5 6');
    const encoder = { ...common.encoder, long_texts: 'truncate' as const };
    expect(sectionOf({ ...frozen, encoder })).toContain('long texts cut after 128 tokens');
    const unmeasured = evaluationOf('frozen');
    delete unmeasured.measured_texts;
    expect(sectionOf(frozen, unmeasured)).not.toContain('to measure');
  });

  it('is what became of int8, with both scores and the bound', () => {
    const saidOf = (quantization: QuantizationTrial | null): string =>
      /int8 (.*) Texts/.exec(sectionOf({ ...frozen, quantization }))![1]!;
    expect(saidOf(null)).toBe('not asked for');
    expect(saidOf(trial)).toBe(
      'kept: accuracy 91.2 % beside 91.4 % in full precision, on 512 validation texts; 0.5 points less are allowed',
    );
    expect(saidOf({ ...trial, kept: false, int8: 0.5, measure: 'micro-F1' })).toBe(
      'not kept, as it cost too much: micro-F1 50.0 % beside 91.4 % in full precision, on 512 validation texts; 0.5 points less are allowed',
    );
    expect(saidOf({ ...trial, kept: false, texts: 0 })).toMatch(
      /^not kept: .* no validation texts/,
    );
  });

  it('is escaped', () => {
    const { family, hash } = common.encoder;
    const evaluation = evaluationOf('frozen');
    evaluation.model.encoder = { name: evil, hash, family, training: 'frozen' };
    const training = { ...frozen, encoder: { ...common.encoder, name: evil, hash: `"${evil}` } };
    const page = renderReportHtml(reportOf(training, evaluation));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('title=""');
  });

  it('stands in the JSON report too, measured texts included', () => {
    expect(reportOf(full)).toMatchObject({
      measured_texts: { texts: 1500, cut: 4, windowed: 31, empty: 5, unknown: 6 },
      training: { texts: common.texts, epochs: { done: 7 } },
    });
    expect(buildReport(buildParts())).not.toHaveProperty('measured_texts');
  });
});
