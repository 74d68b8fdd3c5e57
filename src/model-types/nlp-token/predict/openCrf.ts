import { openEmissions } from '../../../ml/onnx/emissions';
import { wordsOf } from '../../../tagging/tokens';
import { readBundle } from '../bundle/bundle';
import type { CrfManifest } from '../bundle/manifest';
import { assertTestVectors } from '../bundle/testVectors';
import { CrfTagger, graphEmissions } from './crfTagger';
import type { LearnedTagger } from './learnedTagger';

/** Opens a conditional random field. Refuses a bundle whose test vectors come out otherwise here. */
export async function openCrf(dir: string, manifest: CrfManifest): Promise<LearnedTagger> {
  const { model, onnx } = readBundle(dir, manifest);
  assertTestVectors(manifest.test_vectors, model);
  const session = await openEmissions(onnx);
  const tagger = new CrfTagger(model);
  const emissionsOf = graphEmissions(session, model);
  const { width } = tagger.featurizer;
  return {
    parameters: model.weights.length + model.transitions.length,
    async spans(text, tokens) {
      if (model.tags.length === 0) return [];
      const features = tagger.featuresOf(wordsOf(text, tokens));
      return tagger.decoder.spans(await emissionsOf(features, width));
    },
    close: () => session.close(),
  };
}
