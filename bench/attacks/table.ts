import type { Measured } from './smallRequests';

/** Milliseconds of each kind of request beside each attack: `p50 / p99 / most`. */
export function latencyTable(measured: { meanwhile: string; requests: Measured[] }[]): string {
  const kinds = measured[0]?.requests.map(({ request }) => request) ?? [];
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['meanwhile (ms: p50 / p99 / most)', ...kinds]),
    row(['---', ...kinds.map(() => '---')]),
    ...measured.map(({ meanwhile, requests }) => row([meanwhile, ...requests.map(cell)])),
  ].join('\n');
}

function cell({ p50, p99, most, failed, n }: Measured): string {
  const times = [p50, p99, most].map((ms) => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms))));
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
  return times.join(' / ') + (failures > 0 ? `, ${failures} of ${n} failed` : '');
}
