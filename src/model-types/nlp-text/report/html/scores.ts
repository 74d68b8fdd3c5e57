import type { Interval } from '../../../../ml/metrics/interval';
import type { TrainReport } from '../types';
import { bytes, decimal, duration, percent, whole } from '../../../../report/format';
import { html, type Html } from '../../../../report/html';
import { shortened } from '../../../../report/shortened';

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

type Card = [name: string, value: string, range?: string | null];

function cardContent([name, value, between]: Card): Html {
  const below = between && html`<span class="range">${between}</span>`;
  return html`<b>${value}</b><span>${name}</span>${below}`;
}

function range(interval: Interval | null, show: (value: number) => string): string | null {
  return interval && `${show(interval.low)} to ${show(interval.high)}`;
}

/** What the ranges below the scores are. */
function intervalSentence({ holdout, intervals }: TrainReport): Html | null {
  if (holdout.kind === 'none') return null;
  return html`<p class="soft">
    Below a score stands its ${(intervals.level * 100).toFixed(0)} % confidence interval, as these
    rows tell it: of the share of right rows Wilson's,
    ${
      intervals.resamples > 0
        ? `of F1 by a bootstrap of ${whole(intervals.resamples)} resamples.`
        : 'of F1 none, as there are too many labels.'
    }
  </p>`;
}

/** What the scores say nothing about. */
function gaps({ holdout, not_measured: gap, model }: TrainReport): Html | null {
  const { labels_without_rows: without, labels_with_few_rows: few, repeated_texts: repeated } = gap;
  const notes: Html[] = [];
  if (without.count > 0) {
    notes.push(
      html`<b>${whole(without.count)}</b> of ${whole(model.labels)} labels
        ${without.count === 1 ? 'has' : 'have'} no measured row:
        ${names(without.examples, without.count)}.`,
    );
  }
  if (few.count > 0) {
    const examples = few.examples.map(({ label, rows }) => `${label} (${rows})`);
    notes.push(
      html`<b>${whole(few.count)}</b> ${few.count === 1 ? 'label has' : 'labels have'} one or two
        measured rows, so that ${few.count === 1 ? 'its value is' : 'their values are'} hardly more
        than chance: ${names(examples, few.count)}.`,
    );
  }
  if (repeated > 0) {
    notes.push(
      html`<b>${whole(repeated)}</b> measured ${repeated === 1 ? 'row has' : 'rows have'} the text
        of a train row: the scores look better than the model is on texts that it has not seen.`,
    );
  }
  if (holdout.kind === 'none' || notes.length === 0) return null;
  return html`<section>
    <h2>Not measured</h2>
    ${notes.map((note) => html`<p>${note}</p>`)}
  </section>`;
}

function names(examples: readonly string[], count: number): Html {
  return html`${examples.map((name, i) => html`${i > 0 && ', '}${shortened(name, 60)}`)}${count > examples.length && ', …'}`;
}

export function scoreCards(report: TrainReport): Html {
  const { scores, head, intervals } = report;
  const cards: Card[] = [
    [
      head === 'softmax' ? 'accuracy' : 'rows exactly right',
      percent(scores.accuracy),
      range(intervals.accuracy, percent),
    ],
    ['macro-F1', decimal(scores.macro_f1), range(intervals.macro_f1, decimal)],
    ...(head === 'sigmoid'
      ? [['micro-F1', decimal(scores.micro_f1), range(intervals.micro_f1, decimal)] as Card]
      : []),
    ['log loss', decimal(scores.log_loss)],
    ...(report.precision_at ?? []).map(({ k, precision }): Card => [
      k === 1 ? 'first label right' : `precision of the first ${k}`,
      percent(precision),
    ]),
    ['calibration error', decimal(scores.expected_calibration_error)],
  ];
  return html`<div class="cards">
      ${cards.map((card, i) => html`<div class="card ${i === 0 && 'first'}">${cardContent(card)}</div>`)}
    </div>
    <p>${holdoutSentence(report)}</p>
    ${intervalSentence(report)} ${gaps(report)}
    ${report.unknown_labels.map(
      ({ label, rows }) =>
        html`<p class="note">
          ${whole(rows)} measured row${rows === 1 ? '' : 's'} of the label “${label}”, which the
          model does not know: no training row has it.
        </p>`,
    )}`;
}
