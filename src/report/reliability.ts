import type { CalibrationBin } from '../ml/metrics/calibration';
import { percent, whole } from './format';
import { coordinate } from './lineChart';
import { html, type Html } from './html';

const size = 320;
const left = 36;
const bottom = 44;
const top = 10;
const plot = size - left - 10;

/** A reliability diagram: how often predictions of each confidence were right, and the gap to it. */
export function reliabilityDiagram(bins: readonly CalibrationBin[]): Html {
  const x = (share: number): number => coordinate(left + share * plot);
  const y = (share: number): number => coordinate(top + (1 - share) * plot);
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const height = top + plot + bottom;
  return html`<svg viewBox="0 0 ${size} ${height}" role="img" aria-label="Reliability diagram">
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        html`<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(share)}" y2="${y(share)}" />
          <text x="${left - 6}" y="${y(share) + 4}" text-anchor="end">${share * 100}</text>
          <text x="${x(share)}" y="${top + plot + 34}" text-anchor="middle">${share * 100}</text>`,
    )}
    ${bins.map(({ from, to, count, accuracy, confidence }) => {
      if (accuracy === null || confidence === null) return null;
      const [low, high] = [Math.min(accuracy, confidence), Math.max(accuracy, confidence)];
      const width = coordinate(x(to) - x(from) - 2);
      const title = `${percent(from)} to ${percent(to)}: ${whole(count)} predictions, right ${percent(accuracy)}, confidence ${percent(confidence)}`;
      return html`<g>
        <title>${title}</title>
        <rect
          class="bar"
          x="${x(from) + 1}"
          width="${width}"
          y="${y(accuracy)}"
          height="${coordinate(y(0) - y(accuracy))}"
          rx="2"
        />
        <rect
          class="gap"
          x="${x(from) + 1}"
          width="${width}"
          y="${y(high)}"
          height="${coordinate(y(low) - y(high))}"
          rx="2"
        />
        <rect
          class="bar"
          opacity=".45"
          x="${x(from) + 1}"
          width="${width}"
          y="${top + plot + 4}"
          height="${coordinate(Math.max(1, (count / most) * 14))}"
          rx="1"
        />
      </g>`;
    })}
    <line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" />
  </svg>`;
}
