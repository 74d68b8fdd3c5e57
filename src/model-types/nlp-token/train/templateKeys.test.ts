import { type TokenFeatures } from '../../../tagging/features/featureSpec';
import { TokenFeaturizer } from '../../../tagging/features/tokenFeaturizer';
import { beginLabel, insideLabel, outside } from '../../../tagging/tagLabels';
import { templateKeys } from './templateKeys';

const features: TokenFeatures = { version: 1, templates: [[['lower', -1]], [['word', 0]]] };
const [O, B, I, other] = [outside, beginLabel(0), insideLabel(0), beginLabel(1)];

/** The keys of sentences, each its words and their labels. */
function keysOf(...sentences: [text: string, labels: number[]][]): number[] {
  const featurizer = new TokenFeaturizer(features);
  const starts = [0];
  const hashes: number[] = [];
  for (const [text] of sentences) {
    const words = text.split(' ');
    const found = new Uint32Array(words.length * featurizer.width);
    featurizer.features(words, found);
    hashes.push(...found);
    starts.push(starts.at(-1)! + words.length);
  }
  const tokens = {
    hashes: Uint32Array.from(hashes),
    labels: Uint16Array.from(sentences.flatMap(([, labels]) => labels)),
    starts: Float64Array.from(starts),
  };
  return [...templateKeys(tokens, features)];
}

test('sentences from one template have one key, however long their names are', () => {
  const [ana, bob] = keysOf(
    ['Ana lives here', [B, O, O]],
    ['Bob van Dyke lives here', [B, I, I, O, O]],
  );
  expect(ana).toBe(bob);
});

test('another word, another tag or another place of it gives another key', () => {
  const keys = keysOf(
    ['Ana lives here', [B, O, O]],
    ['Ana lives there', [B, O, O]],
    ['Ana lives here', [other, O, O]],
    ['lives Ana here', [O, B, O]],
    ['Ana lives here', [O, O, O]],
    ['Ana Bob lives here', [B, B, O, O]],
  );
  expect(new Set(keys).size).toBe(keys.length);
});
