import type { TokenizedCounts } from '../../../../ml/transformers/files/tokenizer/tokenizeTexts';
import {
  type FrozenTraining,
  type FullTraining,
  isFullTraining,
} from '../../encoder/encoderTraining';
import type { QuantizationTrial } from '../../encoder/tryQuantized';
import type { TrainReport } from '../types';
import { percent, whole } from '../../../../report/format';
import { html, type Content, type Html } from '../../../../report/html';

type Training = FrozenTraining | FullTraining;

/** How the model was trained from its encoder, and which texts the encoder did not see as they are. */
export function encoder({ model, training, measured_texts }: TrainReport): Html | null {
  if (!model.encoder) return null;
  const facts = training as Training;
  const { name, family, hash } = facts.encoder;
  const entries: [string, Content][] = [
    ['encoder', html`${name}, ${family}, <code title="${hash}">${hash.slice(0, 12)}</code>`],
    ...(isFullTraining(facts) ? fullEntries(facts) : frozenEntries(facts)),
    ['long texts', longTexts(facts)],
    ['int8', quantization(facts.quantization)],
  ];
  return html`<section>
    <h2>Encoder</h2>
    <dl>
      ${entries.map(
        ([term, content]) =>
          html`<dt>${term}</dt>
            <dd>${content}</dd>`,
      )}
    </dl>
    <h3>Texts</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>read</th>
            <th class="n">texts</th>
            <th class="n">in windows</th>
            <th class="n">cut</th>
            <th class="n">empty</th>
            <th class="n">unknown</th>
          </tr>
        </thead>
        <tbody>
          ${textsRow('to learn', facts.texts)}
          ${measured_texts && textsRow('to measure', measured_texts)}
        </tbody>
      </table>
    </div>
    <p class="soft">
      Of texts that were cut the rest was not read. Of empty ones, and of those with nothing that
      the vocabulary knows, the encoder says nothing.
    </p>
  </section>`;
}

function frozenEntries({ strength, trials, folds }: FrozenTraining): [string, Content][] {
  const chosen =
    trials.length > 0
      ? `strength ${strength}, of ${counted(trials.length, 'strength')} that were tried on rows held out (${counted(folds, 'fold')})`
      : `strength ${strength}, as there were no rows to choose it on`;
  return [
    ['training', 'frozen: its weights are as they came, and a head was learnt on its embeddings'],
    ['head', chosen],
  ];
}

function fullEntries(facts: FullTraining): [string, Content][] {
  const { epochs, steps, stopped_early, validation_rows } = facts;
  const ended = stopped_early ? ', ended as validation got no better' : '';
  const best =
    validation_rows > 0
      ? `; the weights are those after step ${whole(steps.best)}, the best by ${counted(validation_rows, 'validation row')}`
      : '';
  return [
    ['training', 'full: all its weights were trained'],
    [
      'epochs',
      `${whole(epochs.done)} of at most ${whole(epochs.most)}, ${counted(steps.done, 'step')}${ended}${best}`,
    ],
  ];
}

function longTexts({ encoder: { max_length, long_texts } }: Training): string {
  return long_texts === 'window'
    ? `read in overlapping windows of ${whole(max_length)} tokens`
    : `cut after ${whole(max_length)} tokens`;
}

function quantization(trial: QuantizationTrial | null): string {
  if (!trial) return 'not asked for';
  const { kept, texts, measure, full_precision, int8, allowed_drop } = trial;
  if (texts === 0) return 'not kept: there were no validation texts to judge it by';
  const verdict = kept ? 'kept' : 'not kept, as it cost too much';
  return `${verdict}: ${measure} ${percent(int8)} beside ${percent(full_precision)} in full precision, on ${counted(texts, 'validation text')}; ${(100 * allowed_drop).toFixed(1)} points less are allowed`;
}

function textsRow(part: string, { texts, windowed, cut, empty, unknown }: TokenizedCounts): Html {
  const numbers = [texts, windowed, cut, empty, unknown];
  return html`<tr>
    <td>${part}</td>
    ${numbers.map((count) => html`<td class="n">${whole(count)}</td>`)}
  </tr>`;
}

function counted(count: number, what: string): string {
  return `${whole(count)} ${what}${count === 1 ? '' : 's'}`;
}
