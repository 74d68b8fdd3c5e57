import type { TrainReport } from '../types';
import { data } from './data';
import { encoder } from './encoder';
import { calibration, classTable, learning, mistakes } from './quality';
import { renderPage } from '../../../reporting/page';
import { lineage, stages } from '../../../reporting/run';
import { header, scoreCards } from './scores';
import { html } from '../../../../report/html';
import { warnings } from '../../../reporting/warnings';

/** The report of a text classifier as a page. */
export function renderReportHtml(report: TrainReport): string {
  const { parameters, precision } = report.model;
  return renderPage(
    report.model_info.name,
    html`${header(report)}
    ${
      report.examples === 'withheld' &&
      html`<p class="soft">Texts of the training data are not shown to you.</p>`
    }
    ${warnings(report)} ${scoreCards(report)} ${learning(report)} ${classTable(report)}
    ${mistakes(report)} ${calibration(report)} ${encoder(report)} ${data(report)} ${stages(report)}
    ${lineage(report, `${parameters.toLocaleString('en-US')} (${precision})`)}`,
  );
}
