import { whole } from '../../report/format';
import { html, type Content, type Html } from '../../report/html';
import { shortened } from '../../report/shortened';
import { type FindingGroup, placeName } from '../../rows/findings';
import type { CommonReport } from './commonReport';

const shownFiles = 20;
/** Places on the page of one reason; the JSON has more. */
const shownPlaces = 200;

/** What was skipped or noted in the files, by reason. */
export function fileFindings({ data }: Pick<CommonReport, 'data'>): Content {
  return data.findings.map(foundGroup);
}

/** The files that were read. */
export function fileTable({ data: read }: Pick<CommonReport, 'data'>): Html {
  return html`<h3>Files</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>file</th>
            <th>part</th>
            <th class="n">rows</th>
            <th class="n">skipped</th>
            <th>charset</th>
            <th>sha256</th>
          </tr>
        </thead>
        <tbody>
          ${read.files.slice(0, shownFiles).map(
            (file) =>
              html`<tr>
                <td class="label">${shortened(file.name)}</td>
                <td>${file.part}</td>
                <td class="n">${whole(file.rows)}</td>
                <td class="n">${whole(file.bad_rows)}</td>
                <td>${file.charset ?? '–'}</td>
                <td><code title="${file.sha256}">${file.sha256.slice(0, 12)}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${read.files.length > shownFiles && html`<p class="soft">and ${whole(read.files.length - shownFiles)} more</p>`}`;
}

function foundGroup(group: FindingGroup): Html {
  const places = group.places.slice(0, shownPlaces);
  const more = group.count - places.length;
  return html`<details>
    <summary>
      <b>${whole(group.count)}</b> ${group.code === 'bad_row' && 'skipped: '}${group.reason}
    </summary>
    <blockquote>
      ${places.map((place) => html`<div>${placeName(place)}</div>`)}
      ${more > 0 && html`<div class="soft">and ${whole(more)} more</div>`}
    </blockquote>
  </details>`;
}
