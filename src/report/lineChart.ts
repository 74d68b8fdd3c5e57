import { words } from './format';
import { html, type Html } from './html';

/** One value's history, such as the loss after each epoch. */
export interface MetricHistory {
  name: string;
  points: { step: number; value: number }[];
}

const height = 160;
const left = 52;
const right = 12;
const top = 12;
const bottom = 24;

/**
 * A value's history as a line, with its last value.
 *
 * @param width in pixels, of a chart shown at its full size
 */
export function lineChart({ name, points }: MetricHistory, width: number): Html {
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const [low, high] = range(values);
  const steps = points.map(({ step }) => step);
  const firstStep = Math.min(...steps);
  const lastStep = Math.max(...steps);
  const x = (step: number): number =>
    left + ((step - firstStep) / Math.max(1, lastStep - firstStep)) * (width - left - right);
  const y = (value: number): number =>
    top + ((high - value) / (high - low)) * (height - top - bottom);
  const drawn = points.filter(({ value }) => Number.isFinite(value));
  const line = drawn.map(({ step, value }) => `${coordinate(x(step))},${coordinate(y(value))}`);
  const last = drawn.at(-1);
  const floor = height - bottom;
  const area = `${left},${floor} ${line.join(' ')} ${coordinate(x(last?.step ?? 0))},${floor}`;
  return html`<figure>
    <figcaption>${words(name)}: <b>${last ? tick(last.value) : '–'}</b></figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${words(name)} by step">
      ${[low, (low + high) / 2, high].map(
        (value) =>
          html`<line
              class="grid"
              x1="${left}"
              x2="${width - right}"
              y1="${coordinate(y(value))}"
              y2="${coordinate(y(value))}"
            />
            <text x="${left - 6}" y="${coordinate(y(value) + 4)}" text-anchor="end"
              >${tick(value)}</text
            >`,
      )}
      <polygon class="area" points="${area}" />
      <polyline class="series" points="${line.join(' ')}" />
      ${last && html`<circle class="dot" cx="${coordinate(x(last.step))}" cy="${coordinate(y(last.value))}" r="3.5" />`}
      <text x="${left}" y="${height - 6}">${firstStep}</text>
      <text x="${width - right}" y="${height - 6}" text-anchor="end">${lastStep}</text>
    </svg>
  </figure>`;
}

/** A little room around the values; never empty. */
function range(values: number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  const floor = low - room;
  // Just above nothing is nothing: an axis that begins at 0.0000755 says less than one at 0.
  const snapped = low >= 0 && floor < high / 100 ? 0 : floor;
  return [snapped, high + room];
}

function tick(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function coordinate(value: number): number {
  return Math.round(value * 10) / 10;
}
