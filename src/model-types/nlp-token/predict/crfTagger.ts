import { addEmissions } from '../../../ml/crf/addEmissions';
import { Lattice } from '../../../ml/crf/lattice';
import type { EmissionSession } from '../../../ml/onnx/emissions';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { TokenFeaturizer } from '../../../tagging/features/tokenFeaturizer';
import { type CrfModel, transitionsOf } from '../bundle/crfModel';
import { LabelDecoder } from './labelDecoder';

/** Scores of each token's labels, tokens × labels, from its features. */
type Emissions<Answer> = (features: Uint32Array, width: number) => Answer;

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
  readonly decoder: LabelDecoder;

  constructor(model: CrfModel) {
    this.featurizer = new TokenFeaturizer(model.features);
    this.decoder = new LabelDecoder(transitionsOf(model));
  }

  featuresOf(words: readonly string[]): Uint32Array {
    const features = new Uint32Array(words.length * this.featurizer.width);
    this.featurizer.features(words, features);
    return features;
  }
}
