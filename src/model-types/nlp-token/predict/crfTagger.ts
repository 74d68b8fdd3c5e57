import { addEmissions } from '../../../ml/crf/addEmissions';
import { bestSequence } from '../../../ml/crf/decode';
import { Lattice } from '../../../ml/crf/lattice';
import { segmentProbability } from '../../../ml/crf/segmentProbability';
import type { EmissionSession } from '../../../ml/onnx/emissions';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { TokenFeaturizer } from '../../../tagging/features/tokenFeaturizer';
import { insideLabel, spansOf, type TokenSpan } from '../../../tagging/tagLabels';
import { type CrfModel, transitionsOf } from '../bundle/crfModel';

/** Scores of each token's labels, tokens × labels, from its features. */
type Emissions<Answer> = (features: Uint32Array, width: number) => Answer;

/** A span that a model found, and how probable it is that it is one. */
export interface FoundSpan extends TokenSpan {
  probability: number;
}

/** Scores computed from the arrays of a model. */
export function plainEmissions({ known, weights, bias }: CrfModel): Emissions<Float64Array> {
  const rows = new FeatureRows(known);
  const lattice = new Lattice(bias.length);
  return (features, width) => {
    const tokens = features.length / width;
    lattice.start(tokens);
    const ids = Int32Array.from(features, (feature) => rows.rowOf(feature));
    addEmissions({ features: ids, width }, 0, tokens, weights, lattice);
    return lattice.emissions
      .subarray(0, tokens * bias.length)
      .map((score, i) => score + bias[i % bias.length]!);
  };
}

/** Tokens whose features are gathered at once: the graph holds tokens × features × labels numbers. */
const maxTokens = 1024;

/** Scores computed by the graph of a model. */
export function graphEmissions(
  session: EmissionSession,
  { known, bias }: Pick<CrfModel, 'known' | 'bias'>,
): Emissions<Promise<Float32Array>> {
  const rows = new FeatureRows(known);
  return async (features, width) => {
    const tokens = features.length / width;
    const scores = new Float32Array(tokens * bias.length);
    for (let from = 0; from < tokens; from += maxTokens) {
      const part = features.subarray(from * width, (from + maxTokens) * width);
      const ids = new BigInt64Array(part.length);
      // Row numbers stay below 2^31: writing the low halves is many times faster than making BigInts.
      const low = new Int32Array(ids.buffer);
      part.forEach((feature, i) => {
        const row = rows.rowOf(feature);
        low[2 * i] = row < 0 ? known.length : row;
      });
      scores.set(await session.run(ids, part.length / width, width), from * bias.length);
    }
    return scores;
  };
}

/** Features of words, and labels and spans from their scores. */
export class CrfTagger {
  readonly featurizer: TokenFeaturizer;
  private readonly transitions;
  private readonly lattice: Lattice;

  constructor(model: CrfModel) {
    this.featurizer = new TokenFeaturizer(model.features);
    this.transitions = transitionsOf(model);
    this.lattice = new Lattice(this.transitions.labels);
  }

  featuresOf(words: readonly string[]): Uint32Array {
    const features = new Uint32Array(words.length * this.featurizer.width);
    this.featurizer.features(words, features);
    return features;
  }

  /** The label of each token. */
  decode(emissions: ArrayLike<number>): Int32Array {
    const tokens = emissions.length / this.transitions.labels;
    return bestSequence(emissions, tokens, this.transitions);
  }

  /** The spans of a text, each with the probability that these tokens and no others have its tag together. */
  spans(emissions: ArrayLike<number>): FoundSpan[] {
    const labels = this.decode(emissions);
    const spans = spansOf(labels);
    if (spans.length === 0) return [];
    const { lattice } = this;
    lattice.start(labels.length);
    for (let i = 0; i < emissions.length; i++) lattice.emissions[i] = emissions[i]!;
    lattice.run(this.transitions);
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
