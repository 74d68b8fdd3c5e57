import { wordsOf } from '../../../tagging/tokens';
import { readModel } from '../bundle/bundle';
import type { CrfManifest } from '../bundle/manifest';
import { assertTestVectors } from '../bundle/testVectors';
import { CrfTagger } from './crfTagger';
import type { LearnedTagger } from './learnedTagger';

/** Opens a conditional random field. Refuses a bundle whose test vectors come out otherwise here. */
export function openCrf(dir: string, manifest: CrfManifest): LearnedTagger {
  const model = readModel(dir, manifest);
  assertTestVectors(manifest.test_vectors, model);
  const tagger = new CrfTagger(model);
  return {
    parameters: model.weights.length + model.transitions.length,
    spans(text, tokens) {
      return model.tags.length === 0 ? [] : tagger.spans(wordsOf(text, tokens));
    },
    async close() {},
  };
}
