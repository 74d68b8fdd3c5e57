import type { LabelMetrics, MistakenRow, Mistake } from '../../evaluate/evaluation';
import type { TrainReport } from '../types';
import { decimal, percent, whole } from '../../../../report/format';
import { heatMap } from '../../../../report/heatMap';
import { lineChart } from '../../../../report/lineChart';
import { reliabilityDiagram } from '../../../../report/reliability';
import { shareBar } from '../../../../report/shareBar';
import { shortened } from '../../../../report/shortened';
import { html, type Html } from '../../../../report/html';

/** More labels than this, and the page shows the weakest first and the others on a click. */
const manyLabels = 24;
const weakest = 12;
const shownClasses = 200;

export function learning({ history }: TrainReport): Html | null {
  const drawn = history.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return null;
  return html`<section>
    <h2>Learning</h2>
    <p class="soft">Each value after each pass over the training rows.</p>
    <div class="charts">
      ${drawn.map((history) => lineChart(history, drawn.length === 1 ? 520 : 320))}
    </div>
  </section>`;
}

export function calibration(report: TrainReport): Html | null {
  const { expected_calibration_error: error } = report.scores;
  if (error === null) return null;
  const isRight =
    report.head === 'softmax'
      ? 'the share of right answers'
      : 'the share of rows that have a label';
  return html`<section>
    <h2>Calibration</h2>
    <div class="split">
      <div>${reliabilityDiagram(report.calibration_bins)}</div>
      <div>
        <p>
          The expected calibration error is <b>${decimal(error)}</b>: on average, ${isRight} lies
          ${(error * 100).toFixed(1)} points from the confidence that the model states.
        </p>
        <p class="soft">
          Each bar is the predictions of one confidence, and how many of a hundred were right; red
          is the gap to the stated confidence. On the dashed line a model means what it says. The
          small bars below show how many predictions there are.
        </p>
      </div>
    </div>
  </section>`;
}

export function classTable({ classes }: TrainReport): Html | null {
  const measured = classes.filter(({ support, precision }) => support > 0 || precision !== null);
  if (measured.length === 0) return null;
  const byRows = [...measured].sort((a, b) => b.support - a.support);
  if (byRows.length <= manyLabels) {
    return html`<section>
      <h2>Labels</h2>
      ${classRows(byRows)}
    </section>`;
  }
  const byQuality = [...measured].sort(
    (a, b) => (a.f1 ?? 0) - (b.f1 ?? 0) || b.support - a.support,
  );
  const shown = byRows.slice(0, shownClasses);
  return html`<section>
    <h2>Labels</h2>
    <p class="soft">
      The ${weakest} labels of ${whole(measured.length)} that the model does worst.
    </p>
    ${classRows(byQuality.slice(0, weakest))}
    <details>
      <summary>
        ${shown.length < measured.length ? `The ${shown.length} labels with the most rows` : 'All labels'}
      </summary>
      ${classRows(shown)}
    </details>
  </section>`;
}

function classRows(classes: readonly LabelMetrics[]): Html {
  const withThresholds = classes.some(({ threshold }) => threshold !== undefined);
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>label</th>
          <th class="n">rows</th>
          <th class="n">precision</th>
          <th class="n">recall</th>
          <th class="n">F1</th>
          ${withThresholds && html`<th class="n">threshold</th>`}
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${classes.map(
          ({ label, support, precision, recall, f1, threshold }) =>
            html`<tr>
              <td class="label">${shortened(label)}</td>
              <td class="n">${whole(support)}</td>
              <td class="n">${percent(precision)}</td>
              <td class="n">${percent(recall)}</td>
              <td class="n">${percent(f1)}</td>
              ${withThresholds && html`<td class="n">${decimal(threshold ?? null)}</td>`}
              <td class="chart">${shareBar(f1, `F1 of ${label}`)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function mistakes(report: TrainReport): Html | null {
  if (report.worst.length === 0) return null;
  const { confusion } = report;
  return html`<section>
    <h2>Mistakes</h2>
    ${
      confusion &&
      confusion.labels.length > 1 &&
      html`<p class="soft">
          Rows are the right labels, columns what was
          predicted${
            confusion.labels.length < report.model.labels &&
            `; the ${confusion.labels.length} labels with the most mistakes`
          }.
        </p>
        <div class="scroll">${heatMap(confusion.labels, confusion.counts)}</div>`
    }
    ${report.mistakes.length > 0 && html`<h3>Most frequent</h3>`}
    ${report.mistakes.slice(0, 12).map(mistakeEntry)}
    <h3>Surest</h3>
    ${report.worst.slice(0, 10).map(rowEntry)}
  </section>`;
}

function mistakeEntry({ gold, predicted, count, examples }: Mistake): Html {
  return html`<details>
    <summary>
      <b>${whole(count)}×</b> ${shortened(gold)}
      <span class="soft">predicted as</span> ${shortened(predicted)}
    </summary>
    ${examples.map(quote)}
  </details>`;
}

function rowEntry(row: MistakenRow): Html {
  return html`<details>
    <summary>
      ${shortened(row.gold.join(', ') || 'no label')}
      <span class="soft">predicted as</span> ${shortened(row.predicted.join(', ') || 'no label')}
      <span class="tag">${percent(row.probability)}</span>
    </summary>
    ${quote(row)}
  </details>`;
}

function quote({ row, text, probability }: MistakenRow): Html {
  return html`<blockquote>
    ${text || html`<i>an empty text</i>`}
    <div class="soft">row ${row}, ${percent(probability)} sure</div>
  </blockquote>`;
}
