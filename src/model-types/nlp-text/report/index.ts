export { buildReport, type ReportParts } from './build';
export { renderReportHtml } from './html/page';
export type { TrainReport } from './types';
export { withholdExamples } from './withhold';
