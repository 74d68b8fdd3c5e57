import { cut, percent, whole } from './format';
import { html, type Html } from './html';

const cell = 30;
const longestLabel = 17;
/** Pixels that a character takes at most, in the page's small type. */
const character = 6.6;

/** A confusion matrix: one row a gold label, coloured by the share of the row; mistakes in red. */
export function heatMap(labels: readonly string[], counts: readonly (readonly number[])[]): Html {
  const longest = Math.max(...labels.map((label) => Math.min(label.length, longestLabel)));
  const labelRoom = Math.round(longest * character) + 14;
  const columnRoom = Math.round(longest * character * 0.75) + 16;
  const width = labelRoom + labels.length * cell + columnRoom - cell / 2;
  const height = columnRoom + labels.length * cell + 4;
  const place = (i: number): number => i * cell;
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    style="min-width:${Math.min(width, 620)}px;max-width:${width * 1.25}px"
    role="img"
    aria-label="Confusion matrix"
  >
    ${labels.map((label, j) => {
      const x = labelRoom + place(j) + cell / 2 + 4;
      return html`<text
        x="${x}"
        y="${columnRoom - 8}"
        transform="rotate(-45 ${x} ${columnRoom - 8})"
        >${cut(label, longestLabel)}</text
      >`;
    })}
    ${labels.map((gold, i) => {
      const total = counts[i]!.reduce((a, b) => a + b, 0);
      const y = columnRoom + place(i);
      return html`<text class="ink" x="${labelRoom - 8}" y="${y + cell / 2 + 4}" text-anchor="end"
          >${cut(gold, longestLabel)}</text
        >
        ${counts[i]!.map((count, j) => square(gold, labels[j]!, count, total, labelRoom + place(j), y, i === j))}`;
    })}
  </svg>`;
}

function square(
  gold: string,
  predicted: string,
  count: number,
  total: number,
  x: number,
  y: number,
  right: boolean,
): Html {
  const share = total === 0 ? 0 : count / total;
  const title = `${gold} predicted as ${predicted}: ${whole(count)} (${percent(share)})`;
  const opacity = count === 0 ? 0 : Math.round(15 + 75 * Math.sqrt(share)) / 100;
  return html`<g>
    <title>${title}</title>
    <rect
      class="track"
      opacity=".45"
      x="${x + 1}"
      y="${y + 1}"
      width="${cell - 2}"
      height="${cell - 2}"
      rx="4"
    />
    ${
      count > 0 &&
      html`<rect
          class="${right ? 'right' : 'wrong'}"
          opacity="${opacity}"
          x="${x + 1}"
          y="${y + 1}"
          width="${cell - 2}"
          height="${cell - 2}"
          rx="4"
        />
        <text class="ink" x="${x + cell / 2}" y="${y + cell / 2 + 4}" text-anchor="middle"
          >${count < 10000 ? count : `${Math.round(count / 1000)}k`}</text
        >`
    }
  </g>`;
}
