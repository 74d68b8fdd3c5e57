import type { Evaluation } from '../../evaluate/evaluation';
import { buildReport } from '../build';
import { buildEvaluation, buildParts } from '../testing/parts';
import { renderReportHtml } from './page';

const cardOf = (page: string, name: string): string | undefined =>
  new RegExp(`<b>([^<]*)</b><span>${name}</span>`).exec(page)?.[1];

const sigmoid: Evaluation = {
  ...buildEvaluation(),
  head: 'sigmoid',
  scores: { ...buildEvaluation().scores, accuracy: 0.4, macro_f1: 0.625, micro_f1: 0.75 },
  precision_at: [
    { k: 1, precision: 0.9 },
    { k: 3, precision: 0.35 },
  ],
  classes: [
    { label: 'spam', precision: 0.5, recall: 1, f1: 2 / 3, support: 4, threshold: 0.1875 },
    { label: 'never trained on', precision: null, recall: 0, f1: 0, support: 1 },
  ],
  mistakes: [],
  confusion: null,
};

describe('the page of a model that gives texts many labels', () => {
  const page = renderReportHtml(buildReport(buildParts('plain', sigmoid)));

  it('shows both averages of F1, and how often the first labels are right', () => {
    expect(cardOf(page, 'rows exactly right')).toBe('40.0 %');
    expect(cardOf(page, 'accuracy')).toBeUndefined();
    expect(cardOf(page, 'macro-F1')).toBe('0.625');
    expect(cardOf(page, 'micro-F1')).toBe('0.750');
    expect(cardOf(page, 'first label right')).toBe('90.0 %');
    expect(cardOf(page, 'precision of the first 3')).toBe('35.0 %');
  });

  it("shows each label's threshold, and none of a label that the model does not know", () => {
    expect(page).toContain('<th class="n">threshold</th>');
    const cells = page.split('<tr>').filter((row) => /<td class="label">/.test(row));
    expect(cells[0]).toContain('<td class="n">0.188</td>');
    expect(cells[1]).toContain('<td class="n">–</td>');
  });

  it('draws no matrix of mistakes, and no number goes wrong', () => {
    expect(page).not.toContain('columns what was');
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

test('the page of a model that gives texts one label has neither micro-F1, nor first labels, nor thresholds', () => {
  const page = renderReportHtml(buildReport(buildParts()));
  expect(cardOf(page, 'accuracy')).toBe('12.3 %');
  expect(cardOf(page, 'micro-F1')).toBeUndefined();
  expect(cardOf(page, 'first label right')).toBeUndefined();
  expect(page).not.toContain('threshold');
});
