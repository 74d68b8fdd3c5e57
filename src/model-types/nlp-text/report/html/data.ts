import type { CheckedRow } from '../../../../classification/checks';
import { fileFindings, fileTable } from '../../../reporting/files';
import type { TrainReport } from '../types';
import { percent, whole } from '../../../../report/format';
import { shortened } from '../../../../report/shortened';
import { html, type Content, type Html } from '../../../../report/html';

export function data(report: TrainReport): Html {
  const { checks, data: read } = report;
  return html`<section>
    <h2>Data</h2>
    <p>
      ${whole(checks.rows.train)} train
      ${checks.rows.train === 1 ? 'row' : 'rows'}${checks.rows.test > 0 && ` and ${whole(checks.rows.test)} test row${checks.rows.test === 1 ? '' : 's'}`}
      from ${whole(read.files.length)} file${read.files.length === 1 ? '' : 's'};
      ${read.bad_rows === 0 ? 'none had to be skipped.' : `${whole(read.bad_rows)} ${read.bad_rows === 1 ? 'was' : 'were'} bad and skipped.`}
      ${read.blank_rows > 0 && `${whole(read.blank_rows)} ${read.blank_rows === 1 ? 'was' : 'were'} blank.`}
    </p>
    ${fileFindings(report)} ${findings(report)}
    <h3>Labels</h3>
    <p>
      ${checks.labels.slice(0, 30).map(({ label, train }) => html`${shortened(label, 60)} <span class="tag">${whole(train)}</span> `)}
      ${checks.label_count > 30 && html`<span class="soft">and ${whole(checks.label_count - 30)} more</span>`}
    </p>
    ${fileTable(report)}
  </section>`;
}

function findings({ checks, likely_wrong_labels: wrong }: TrainReport): Content {
  const found = [
    finding(checks.empty_texts, ['row without text', 'rows without text'], () => null),
    finding(
      checks.duplicates,
      ['train row that repeats an earlier row', 'train rows that repeat an earlier row'],
      (row) => `as row ${row.first_row}`,
    ),
    finding(
      checks.conflicts,
      [
        'train row with the text of an earlier row and another label',
        'train rows with the text of an earlier row and another label',
      ],
      (row) => `row ${row.first_row} says ${row.first_label}`,
    ),
    finding(
      checks.overlap,
      ['test row whose text is also a train text', 'test rows whose text is also a train text'],
      () => null,
    ),
    labels(checks.rare_labels, [
      'label with fewer than five train rows',
      'labels with fewer than five train rows',
    ]),
    labels(checks.test_only_labels, [
      'label that only test rows have',
      'labels that only test rows have',
    ]),
    wrong &&
      wrong.count > 0 &&
      html`<details>
        <summary>
          <b>${whole(wrong.count)}</b>
          ${wrong.count === 1 ? 'train label is' : 'train labels are'} likely wrong, of
          ${whole(wrong.checked)} checked
        </summary>
        ${wrong.examples.map(
          (row) =>
            html`<blockquote>
              ${row.text}
              <div class="soft">
                row ${row.row}: ${row.label} (${percent(row.label_probability)}), perhaps
                ${row.suggested} (${percent(row.suggested_probability)})
              </div>
            </blockquote>`,
        )}
      </details>`,
  ].filter(Boolean);
  return found.length > 0
    ? found
    : html`<p class="soft">No empty, repeated or contradicting rows, and no rare labels.</p>`;
}

function finding<Row extends CheckedRow>(
  { count, examples }: { count: number; examples: Row[] },
  [one, many]: readonly [string, string],
  more: (row: Row) => string | null,
): Html | null {
  if (count === 0) return null;
  return html`<details>
    <summary><b>${whole(count)}</b> ${count === 1 ? one : many}</summary>
    ${examples.map((row) => {
      const note = more(row);
      return html`<blockquote>
        ${row.text || html`<i>an empty text</i>`}
        <div class="soft">${row.part} row ${row.row}: ${row.label}${note && `; ${note}`}</div>
      </blockquote>`;
    })}
  </details>`;
}

function labels(
  {
    count,
    examples,
  }: { count: number; examples: { label: string; train: number; test: number }[] },
  [one, many]: readonly [string, string],
): Html | null {
  if (count === 0) return null;
  return html`<details>
    <summary><b>${whole(count)}</b> ${count === 1 ? one : many}</summary>
    <blockquote>
      ${examples.map(({ label, train, test }) => html`${shortened(label)} <span class="tag">${whole(train || test)}</span> `)}
    </blockquote>
  </details>`;
}
