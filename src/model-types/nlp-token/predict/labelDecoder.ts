import { bestSequence } from '../../../ml/crf/decode';
import { Lattice, type Transitions } from '../../../ml/crf/lattice';
import { segmentProbability } from '../../../ml/crf/segmentProbability';
import { insideLabel, spansOf, type TokenSpan } from '../../../tagging/tagLabels';

/** A span that a model found, and how probable it is that it is one. */
export interface FoundSpan extends TokenSpan {
  probability: number;
}

/** Labels and spans from the scores of each token's labels, tokens × labels. */
export class LabelDecoder {
  private readonly lattice: Lattice;

  constructor(private readonly transitions: Transitions) {
    this.lattice = new Lattice(transitions);
    this.lattice.setScores(transitions.scores);
  }

  /** The label of each token. */
  labels(emissions: ArrayLike<number>): Int32Array {
    const tokens = emissions.length / this.transitions.labels;
    return bestSequence(emissions, tokens, this.transitions);
  }

  /** The spans of a text, each with the probability that these tokens and no others have its tag together. */
  spans(emissions: ArrayLike<number>): FoundSpan[] {
    const labels = this.labels(emissions);
    const spans = spansOf(labels);
    if (spans.length === 0) return [];
    const { lattice } = this;
    lattice.start(labels.length);
    for (let i = 0; i < emissions.length; i++) lattice.emissions[i] = emissions[i]!;
    lattice.run();
    return spans.map((span) => ({
      ...span,
      probability: segmentProbability(
        lattice,
        (token) => labels[token]!,
        span.first,
        span.end,
        (label) => label === insideLabel(span.tag),
      ),
    }));
  }
}
