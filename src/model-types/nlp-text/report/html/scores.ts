import type { TrainReport } from '../types';
import { bytes, decimal, duration, percent, whole } from './format';
import { html, type Html } from '../../../../html';

/** What was measured on, in a sentence. */
function holdoutSentence({ holdout, refitted }: TrainReport): string {
  const rows = `${whole(holdout.rows)} row${holdout.rows === 1 ? '' : 's'}`;
  switch (holdout.kind) {
    case 'test_files':
      return `Measured on the ${rows} of the test files, which the training never saw.`;
    case 'test_split':
      return `Measured on ${rows} that were split off as asked, and never trained on.`;
    case 'holdout':
      return refitted
        ? `Measured on ${rows} that were put aside, by a model that was trained without them. The model itself was then trained on all rows.`
        : `Measured on ${rows} that were put aside, and never trained on.`;
    case 'none':
      return 'Nothing was measured: no rows were put aside. Give test files, or test_split, to see how good the model is.';
  }
}

/** What the model reads texts with. */
function knowledge({ features, encoder }: TrainReport['model']): string {
  if (encoder) return `encoder ${encoder.name} (${encoder.training})`;
  return `${whole(features ?? 0)} features`;
}

export function header(report: TrainReport): Html {
  const { model_info, run, model } = report;
  const started = run.started_at?.slice(0, 16).replace('T', ' ');
  return html`<header>
    <p class="soft">${model_info.type}${started && html` · ${started} UTC`}</p>
    <h1>${model_info.name}</h1>
    <p class="soft">
      ${whole(model.labels)} labels · ${knowledge(model)} · ${bytes(model.bytes)} ·
      ${duration(report.latency_seconds)} a prediction
    </p>
  </header>`;
}

export function scoreCards(report: TrainReport): Html {
  const { scores, head } = report;
  const cards: [name: string, value: string][] = [
    [head === 'softmax' ? 'accuracy' : 'rows exactly right', percent(scores.accuracy)],
    ['macro-F1', decimal(scores.macro_f1)],
    ...(head === 'sigmoid' ? [['micro-F1', decimal(scores.micro_f1)] as [string, string]] : []),
    ['log loss', decimal(scores.log_loss)],
    ...(report.precision_at ?? []).map(({ k, precision }): [string, string] => [
      k === 1 ? 'first label right' : `precision of the first ${k}`,
      percent(precision),
    ]),
    ['calibration error', decimal(scores.expected_calibration_error)],
  ];
  return html`<div class="cards">
      ${cards.map(
        ([name, value], i) =>
          html`<div class="card ${i === 0 && 'first'}"><b>${value}</b><span>${name}</span></div>`,
      )}
    </div>
    <p>${holdoutSentence(report)}</p>
    ${report.unknown_labels.map(
      ({ label, rows }) =>
        html`<p class="note">
          ${whole(rows)} measured row${rows === 1 ? '' : 's'} of the label “${label}”, which the
          model does not know: no training row has it.
        </p>`,
    )}`;
}
