import { join } from 'node:path';
import type { Evaluation } from '../evaluate/evaluation';
import { openPredictor } from '../predict/predict';
import type { FrozenTraining, FullTraining } from './encoderTraining';
import { jsonOf, Pipeline, type Rows, rowsOf } from './testing/pipeline';

// Threads compile their sources here, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let pipeline: Pipeline;
afterEach(() => pipeline.remove());

const tenMegabytes = 10 << 20;
const ofWords = 'goal match team '.repeat(tenMegabytes / 16);
const unknown = '\u4E16\u754C ';
const ofUnknown = unknown.repeat(tenMegabytes / unknown.length);
const ofSpaces = ' \n'.repeat(tenMegabytes / 2);

/** What takes the place of the first rows' texts. */
const strange = [ofWords, ofUnknown, ofSpaces, '', '\u0000\u200B', '\u4E16\u754C', '\u{1F682}'];

function withStrange(rows: Rows): Rows {
  return rows.map(([text, label], i) => [strange[i] ?? text, label]);
}

/** What the encoder sees of them. Spaces without end are read no further than their first megabyte: cut. */
const seen = {
  window: { cut: 3, windowed: 2, empty: 3, unknown: 3 },
  truncate: { cut: 3, windowed: 0, empty: 3, unknown: 3 },
};

describe.each([
  ['frozen', 'truncate'],
  ['full', 'window'],
] as const)('a %s encoder whose long texts are read by "%s"', (training, long_texts) => {
  test('handles texts of 10 MB, empty ones and unknown ones in train and test files, and counts them', async () => {
    pipeline = new Pipeline(
      { training, long_texts, max_length: 16 },
      { epochs: 1, batch_size: 8, learning_rate: 1e-3 },
    );
    await pipeline.prepare(
      withStrange(rowsOf(['sport', 'food'], 15)),
      withStrange(rowsOf(['sport', 'food'], 5)),
    );
    if (training === 'frozen') await pipeline.embedAll(30);
    const train = await pipeline.run('train');
    const { texts } = jsonOf(train, 'train.json') as FrozenTraining | FullTraining;
    expect(texts).toEqual({ texts: 30, ...seen[long_texts] });
    const evaluation = jsonOf(await pipeline.run('evaluate'), 'evaluation.json') as Evaluation;
    expect(evaluation.holdout).toEqual({ kind: 'test_files', rows: 10 });
    expect(evaluation.measured_texts).toEqual({ texts: 10, ...seen[long_texts] });
    expect(evaluation.scores.log_loss).toBeGreaterThan(0);
    const codes = pipeline.warnings.map(({ code }) => code);
    for (const code of ['texts_cut', 'texts_without_tokens', 'texts_of_unknown_tokens']) {
      expect(codes.filter((own) => own === code)).toHaveLength(1);
    }
    const predictor = await openPredictor(join(train, 'model'));
    const found = await predictor.predict(strange, { topK: 2, explain: false });
    for (const { classes } of found) {
      expect(classes[0]!.score + classes[1]!.score).toBeCloseTo(1, 5);
    }
    await predictor.close();
  });
});
