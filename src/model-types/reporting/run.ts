import type { StageFacts } from '../contract/reportType';
import type { CommonReport } from './commonReport';
import { duration, words } from '../../report/format';
import { shareBar } from '../../report/shareBar';
import { html, type Html } from '../../report/html';

const cacheNotes = { hit: 'from the cache', made: 'kept for later runs', off: 'cache off' };

export function stages({ stages: all }: Pick<CommonReport, 'stages'>): Html {
  const longest = Math.max(...all.map(({ seconds }) => seconds ?? 0), 1e-9);
  return html`<section>
    <h2>Pipeline</h2>
    <div class="scroll">
      <table>
        <tbody>
          ${all.map((stage) => stageRow(stage, longest))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function stageRow({ stage, seconds, cache, attempts }: StageFacts, longest: number): Html {
  return html`<tr>
    <td>${stage}</td>
    <td class="n">${duration(seconds)}</td>
    <td class="chart">${shareBar((seconds ?? 0) / longest, `share of ${stage}`)}</td>
    <td>
      ${cache === 'hit' ? html`<span class="tag">${cacheNotes.hit}</span>` : cache && html`<span class="soft">${cacheNotes[cache]}</span>`}
      ${attempts > 1 && html`<span class="soft">started ${attempts} times</span>`}
    </td>
  </tr>`;
}

/** @param parameters how many the model has, as people read it */
export function lineage(
  { lineage: facts, run, model_info }: CommonReport,
  parameters: string,
): Html {
  const entries: [string, string][] = [
    ['model', model_info.id],
    ['run', run.id],
    ['base model', facts.base_model_id ?? 'none'],
    ['seed', String(run.seed)],
    ['data (row sequence)', facts.data_hash],
    ...Object.entries(facts.model_files),
    ['parameters', parameters],
    [
      'versions',
      `trainyard ${facts.code_version}, train step ${facts.train_version}, ONNX Runtime ${facts.onnxruntime_version}`,
    ],
  ];
  const options = Object.entries(run.options).filter(([, value]) => value !== null);
  return html`<section>
    <h2>Lineage</h2>
    <p class="soft">
      The same data, options, seed and versions give the same model, byte for byte.
    </p>
    <dl>
      ${entries.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd><code>${value}</code></dd>`,
      )}
    </dl>
    <h3>Options</h3>
    <dl>
      ${options.map(
        ([name, value]) =>
          html`<dt>${words(name)}</dt>
            <dd><code>${JSON.stringify(value)}</code></dd>`,
      )}
    </dl>
  </section>`;
}
