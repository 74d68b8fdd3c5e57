import type { CommonReport } from './commonReport';
import { whole } from '../../report/format';
import { html, type Html } from '../../report/html';

type Warning = CommonReport['warnings'][number];

/**
 * What was warned of, what is wrong with the data first: scores mean little where it was misread. One
 * line for each code; where there are more, the others open on a click.
 */
export function warnings({ warnings: all }: Pick<CommonReport, 'warnings'>): Html | null {
  if (all.length === 0) return null;
  const byCode = new Map<string, Warning[]>();
  for (const warning of all)
    byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning]);
  const groups = [...byCode.values()].sort((a, b) => rank(a[0]!.code) - rank(b[0]!.code));
  return html`<section class="warnings">
    <h2>Warnings</h2>
    ${groups.map(group)}
  </section>`;
}

/** Codes whose warnings come first, in this order. */
const first = ['charset', 'replacement_characters', 'bad_row', 'document', 'no_test_rows'];

function rank(code: string): number {
  const at = first.indexOf(code);
  return at < 0 ? first.length : at;
}

function group([one, ...others]: Warning[]): Html {
  if (others.length === 0) return html`<p class="note">${line(one!)}</p>`;
  return html`<details class="note">
    <summary>${line(one!)} <b>and ${whole(others.length)} more</b></summary>
    ${others.map(({ message }) => html`<p>${message}</p>`)}
  </details>`;
}

function line({ code, message }: Warning): Html {
  return html`${message}${code !== '' && html` <code>${code}</code>`}`;
}
