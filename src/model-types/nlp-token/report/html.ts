import { decimal, percent, whole } from '../../../report/format';
import { html, type Html } from '../../../report/html';
import { lineChart } from '../../../report/lineChart';
import { shortened } from '../../../report/shortened';
import { fileFindings, fileTable } from '../../reporting/files';
import { renderPage } from '../../reporting/page';
import { lineage, stages } from '../../reporting/run';
import { warnings } from '../../reporting/warnings';
import type { SpanMetrics } from '../evaluate/evaluation';
import { encoder } from './encoder';
import { marked } from './marked';
import type { TokenReport } from './types';

/** The report of a token classifier as a page. */
export function renderReportHtml(report: TokenReport): string {
  const { model, model_info } = report;
  return renderPage(
    model_info.name,
    html`<header>
        <h1>${model_info.name}</h1>
        <p class="soft">
          token classifier, ${whole(model.tags)} learned
          tag${model.tags === 1 ? '' : 's'}${model.rule_tags > 0 && `, ${whole(model.rule_tags)} with rules`}
        </p>
      </header>
      ${
        report.examples === 'withheld' &&
        html`<p class="soft">Texts of the training data are not shown to you.</p>`
      }
      ${warnings(report)} ${quality(report)} ${mistakes(report)} ${encoder(report)}
      ${learning(report)} ${data(report)} ${stages(report)}
      ${lineage(report, model.parameters.toLocaleString('en-US'))}`,
  );
}

function quality({ measured, holdout, refitted }: TokenReport): Html {
  if (!measured) {
    return html`<section>
      <h2>Quality</h2>
      <p class="soft">There were no rows to measure on.</p>
    </section>`;
  }
  const { spans, sentences } = measured;
  const interval = spans.f1_interval;
  return html`<section>
    <h2>Quality</h2>
    <p>
      F1 of spans <b>${decimal(spans.f1)}</b>
      ${interval && html`<span class="soft">(95 % interval ${decimal(interval.low)} to ${decimal(interval.high)})</span>`}
      on ${whole(holdout.rows)} rows that it was not trained on; ${whole(sentences.right)} of
      ${whole(sentences.count)} sentences are all
      right.${refitted && ' The deployed model was then trained on all rows.'}
    </p>
    <p class="soft">A span is right when its first token, its last token and its tag are.</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>tag</th>
            <th class="n">precision</th>
            <th class="n">recall</th>
            <th class="n">F1</th>
            <th class="n">spans</th>
            <th class="n">found</th>
            <th class="n">other bounds</th>
            <th class="n">other tag</th>
          </tr>
        </thead>
        <tbody>
          ${measured.tags.map((tag) => row(tag.tag, tag))} ${row('all', spans)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(name: string, metrics: SpanMetrics): Html {
  return html`<tr>
    <td class="label">${shortened(name, 60)}</td>
    <td class="n">${decimal(metrics.precision)}</td>
    <td class="n">${decimal(metrics.recall)}</td>
    <td class="n">${decimal(metrics.f1)}</td>
    <td class="n">${whole(metrics.support)}</td>
    <td class="n">${whole(metrics.found)}</td>
    <td class="n">${whole(metrics.partial)}</td>
    <td class="n">${whole(metrics.wrong_tag)}</td>
  </tr>`;
}

const confusionsShown = 20;

function mistakes({ measured }: TokenReport): Html | null {
  if (!measured) return null;
  const { boundary_errors: bounds, confusion, worst, likely_wrong_tags: doubted } = measured;
  return html`<section>
    <h2>Mistakes</h2>
    <p>
      Bounds: ${whole(bounds.too_long)} spans too long, ${whole(bounds.too_short)} too short,
      ${whole(bounds.shifted)} shifted.
    </p>
    ${confusion.slice(0, confusionsShown).map(
      ({ gold, found, count }) =>
        html`<div>
          ${shortened(gold, 40)} taken for ${shortened(found, 40)}
          <span class="tag">${whole(count)}</span>
        </div>`,
    )}
    ${
      worst.length > 0 &&
      html`<details>
        <summary>The sentences with most mistakes</summary>
        ${worst.map(
          ({ text, gold, found, part, row: number }) =>
            html`<blockquote>
              <div>data: ${marked(text, gold)}</div>
              <div>found: ${marked(text, found)}</div>
              <div class="soft">${part} row ${number}</div>
            </blockquote>`,
        )}
      </details>`
    }
    ${
      doubted.count > 0 &&
      html`<details>
        <summary>
          <b>${whole(doubted.count)}</b>
          ${doubted.count === 1 ? 'tag of the data is' : 'tags of the data are'} likely wrong
        </summary>
        ${doubted.examples.map(
          (one) =>
            html`<blockquote>
              ${one.text}
              <div class="soft">
                ${one.part} row ${one.row}: ${one.words} has ${one.tag ?? 'no tag'}, perhaps
                ${one.suggested} (${percent(one.confidence)})
              </div>
            </blockquote>`,
        )}
      </details>`
    }
  </section>`;
}

function learning({ history }: TokenReport): Html | null {
  const loss = history.find(({ name }) => name === 'train_loss');
  if (!loss || loss.points.length < 2) return null;
  return html`<section>
    <h2>Learning</h2>
    ${lineChart(loss, 560)}
  </section>`;
}

const tagsShown = 30;

function data(report: TokenReport): Html {
  const { checks } = report;
  return html`<section>
    <h2>Data</h2>
    <p>
      ${whole(checks.rows.train)} train rows with ${whole(checks.tokens)}
      tokens${checks.rows.test > 0 && `, ${whole(checks.rows.test)} test rows`};
      ${whole(checks.without_spans)} without any span, ${whole(checks.duplicates)} repeat an earlier
      one, ${whole(checks.conflicts)} have the text of an earlier one and other tags.
    </p>
    ${fileFindings(report)}
    <h3>Tags</h3>
    <p>
      ${checks.tags.slice(0, tagsShown).map(({ tag, spans }) => html`${shortened(tag, 60)} <span class="tag">${whole(spans)}</span> `)}
      ${checks.tags.length > tagsShown && html`<span class="soft">and ${whole(checks.tags.length - tagsShown)} more</span>`}
    </p>
    ${fileTable(report)}
  </section>`;
}
