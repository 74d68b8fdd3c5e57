import { addEmissions } from '../../../ml/crf/addEmissions';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { TokenFeaturizer } from '../../../tagging/features/tokenFeaturizer';
import { type CrfModel, transitionsOf } from '../bundle/crfModel';
import { type FoundSpan, LabelDecoder } from './labelDecoder';

/**
 * A conditional random field that tags words. It sums the rows of the weights itself: the graph of the bundle says
 * the same to other runtimes (see `checkExport`), but a run of it for each sentence takes longer than the sums.
 */
export class CrfTagger {
  /** Places for features that a token has. */
  readonly width: number;
  private readonly featurizer: TokenFeaturizer;
  private readonly rows: FeatureRows;
  private readonly decoder: LabelDecoder;

  constructor(private readonly model: CrfModel) {
    this.featurizer = new TokenFeaturizer(model.features);
    this.width = this.featurizer.width;
    this.rows = new FeatureRows(model.known);
    this.decoder = new LabelDecoder(transitionsOf(model));
  }

  /** words × width. */
  features(words: readonly string[]): Uint32Array {
    const features = new Uint32Array(words.length * this.width);
    this.featurizer.features(words, features);
    return features;
  }

  /** The scores of each token's labels, tokens × labels. */
  emissions(features: Uint32Array): Float64Array {
    const { width } = this;
    const { weights, bias } = this.model;
    const labels = bias.length;
    const tokens = features.length / width;
    const emissions = new Float64Array(tokens * labels);
    const rows = this.rows.rowsOf(features);
    addEmissions({ features: rows, width }, 0, tokens, weights, { emissions, labels });
    for (let i = 0; i < emissions.length; i++) emissions[i]! += bias[i % labels]!;
    return emissions;
  }

  /** The label of each token. */
  labels(features: Uint32Array): Int32Array {
    return this.decoder.labels(this.emissions(features));
  }

  spans(words: readonly string[]): FoundSpan[] {
    return this.decoder.spans(this.emissions(this.features(words)));
  }
}
