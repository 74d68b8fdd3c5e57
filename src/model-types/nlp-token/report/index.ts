import type { ReportType } from '../../contract/reportType';
import type { TokenReport } from './types';

/** Imported where a report is written or shown, with all that renders it. */
export const report: ReportType = {
  build: async (facts) => (await import('./build.js')).buildReport(facts),
  summarize: (built) => {
    const { measured, model, latency_seconds } = built as TokenReport;
    return {
      score: measured?.spans.f1 ?? null,
      parameters: model.parameters,
      model_bytes: model.bytes,
      latency_seconds,
    };
  },
  renderHtml: async (built) => (await import('./html.js')).renderReportHtml(built as TokenReport),
  withholdTexts: async (built) =>
    (await import('./withhold.js')).withholdExamples(built as TokenReport),
};
