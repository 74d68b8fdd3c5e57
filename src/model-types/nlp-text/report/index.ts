import type { ReportType } from '../../contract/reportType';
import type { TrainReport } from './types';

/** Imported where a report is written or shown, with all that renders it. */
export const report: ReportType = {
  build: async (facts) => {
    const { buildReport, gatherParts } = await import('./build.js');
    return buildReport(await gatherParts(facts));
  },
  summarize: (built) => {
    const { head, scores, model, latency_seconds } = built as TrainReport;
    return {
      score: head === 'softmax' ? scores.accuracy : scores.micro_f1,
      parameters: model.parameters,
      model_bytes: model.bytes,
      latency_seconds,
    };
  },
  renderHtml: async (built) =>
    (await import('./html/page.js')).renderReportHtml(built as TrainReport),
  withholdTexts: async (built) =>
    (await import('./withhold.js')).withholdExamples(built as TrainReport),
};
