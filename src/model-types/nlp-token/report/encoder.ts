import { whole } from '../../../report/format';
import { html, type Content, type Html } from '../../../report/html';
import type { TokenTraining } from '../encoder/tokenTraining';
import type { TokenReport } from './types';

/** How the model was trained from its encoder; null without one. */
export function encoder({ training }: TokenReport): Html | null {
  const facts = training as TokenTraining | { encoder?: undefined };
  if (facts.encoder === undefined) return null;
  const { name, family, hash, max_length } = facts.encoder;
  const entries: [string, Content][] = [
    ['encoder', html`${name}, ${family}, <code title="${hash}">${hash.slice(0, 12)}</code>`],
    ['training', howTrained(facts)],
    ['long texts', `read in overlapping windows of ${whole(max_length)} tokens`],
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
  </section>`;
}

function howTrained(facts: TokenTraining): string {
  if ('strength' in facts) {
    return `frozen: its weights are as they came, and a head was learnt on its states of tokens, with strength ${facts.strength}`;
  }
  const { epochs, steps, stopped_early, validation_rows } = facts;
  const ended = stopped_early ? ', ended as validation got no better' : '';
  const best =
    validation_rows > 0
      ? `; the weights are those after step ${whole(steps.best)}, the best by ${whole(validation_rows)} validation rows`
      : '';
  return `full: all its weights were trained, ${whole(epochs.done)} of at most ${whole(epochs.most)} epochs, ${whole(steps.done)} steps${ended}${best}`;
}
