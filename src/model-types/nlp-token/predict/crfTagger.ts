import { noFeature } from '../../../ml/crf/sequences';
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
    const { width, rows } = this;
    const { weights, bias } = this.model;
    const labels = bias.length;
    const tokens = features.length / width;
    const scores = new Float64Array(tokens * labels);
    for (let token = 0; token < tokens; token++) {
      const at = token * labels;
      for (let place = token * width; place < (token + 1) * width; place++) {
        const row = rows.rowOf(features[place]!);
        if (row === noFeature) continue;
        for (let l = 0, w = row * labels; l < labels; l++, w++) scores[at + l]! += weights[w]!;
      }
      for (let l = 0; l < labels; l++) scores[at + l]! += bias[l]!;
    }
    return scores;
  }

  /** The label of each token. */
  labels(features: Uint32Array): Int32Array {
    return this.decoder.labels(this.emissions(features));
  }

  spans(words: readonly string[]): FoundSpan[] {
    return this.decoder.spans(this.emissions(this.features(words)));
  }
}
