import type { TrainReport } from '../types';
import { data } from './data';
import { encoder } from './encoder';
import { calibration, classTable, learning, mistakes } from './quality';
import { lineage, stages } from './run';
import { header, scoreCards } from './scores';
import { style } from '../../../../report/style';
import { html } from '../../../../report/html';
import { warnings } from './warnings';

/**
 * The report as one page that needs nothing else: no script, no other file, and a policy that forbids
 * both. Every text of it is escaped by the template.
 */
export function renderReportHtml(report: TrainReport): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${report.model_info.name}: training report</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          ${header(report)}
          ${
            report.examples === 'withheld' &&
            html`<p class="soft">Texts of the training data are not shown to you.</p>`
          }
          ${warnings(report)} ${scoreCards(report)} ${learning(report)} ${classTable(report)}
          ${mistakes(report)} ${calibration(report)} ${encoder(report)} ${data(report)}
          ${stages(report)} ${lineage(report)}
        </main>
      </body>
    </html>`;
  return `${page.markup}\n`;
}
