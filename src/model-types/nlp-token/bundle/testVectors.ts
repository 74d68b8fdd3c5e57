import { isDeepStrictEqual } from 'node:util';
import { TrainyardError } from '../../../errors';
import { noFeature } from '../../../ml/crf/sequences';
import { type EmissionSession, openEmissions } from '../../../ml/onnx/emissions';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { tokenize, wordsOf } from '../../../tagging/tokens';
import { CrfTagger } from '../predict/crfTagger';
import type { CrfModel } from './crfModel';

/** Scripts and signs on which two implementations would differ first. */
export const probeTexts = [
  '',
  'John Smith of ACME Inc. lives in New York .',
  'EU rejects German call to boycott BRITISH lamb .',
  'Mul\u0163umesc , \u015Etefan cel Mare s-a n\u0103scut \u00EEn Boroze\u0219ti',
  '\u5929\u6C14 \u3068\u3066\u3082 \u826F\u3044',
  'I \u2764\uFE0F \u{1F468}\u200D\u{1F469}\u200D\u{1F467} , call +40 721 234 567 !',
  '\uFF21\uFF22\uFF23\t\u00A0caf\u00E9 CAFE\u0301 \u05E9\u05DC\u05D5\u05DD (x)',
];

/** A text, where its tokens are, their features, and their labels in one model. */
export interface TestVector {
  text: string;
  starts: number[];
  ends: number[];
  /** By token, a place for each template. */
  features: number[][];
  labels: number[];
}

/** The test vectors of a model. */
export function makeTestVectors(model: CrfModel): TestVector[] {
  const tagger = new CrfTagger(model);
  const { width } = tagger;
  return probeTexts.map((text) => {
    const tokens = tokenize(text, model.unit);
    const found = tagger.features(wordsOf(text, tokens));
    return {
      text,
      starts: [...tokens.starts],
      ends: [...tokens.ends],
      features: Array.from(tokens.starts, (_, i) => [
        ...found.subarray(i * width, (i + 1) * width),
      ]),
      labels: [...tagger.labels(found)],
    };
  });
}

/** Throws `features_changed` unless this code gives the test vectors what they state. */
export function assertTestVectors(vectors: readonly TestVector[], model: CrfModel): void {
  if (isDeepStrictEqual(vectors, makeTestVectors(model))) return;
  throw new TrainyardError(
    'config',
    'features_changed',
    'the model was made with other features of tokens than this version computes: its tags would be wrong. Use the version that made it, or train the model again',
  );
}

/** Room for another order of sums. */
const tolerance = 1e-3;

/** Holds the graph against the arrays: the scores of the test vectors must be the same. */
export async function checkExport(
  onnx: Uint8Array,
  model: CrfModel,
  vectors: readonly TestVector[],
): Promise<void> {
  const session = await openEmissions(onnx);
  try {
    const tagger = new CrfTagger(model);
    for (const { features } of vectors) {
      const ours = tagger.emissions(Uint32Array.from(features.flat()));
      const graph = await graphEmissions(session, model, features);
      if (ours.every((score, i) => Math.abs(score - graph[i]!) <= tolerance)) continue;
      throw new TrainyardError(
        'bug',
        'export_differs',
        'the exported model gives other scores than the trained one',
      );
    }
  } finally {
    await session.close();
  }
}

/** The scores that the graph gives, from row numbers as the manifest describes them. */
async function graphEmissions(
  session: EmissionSession,
  { known, features: { templates } }: CrfModel,
  features: readonly number[][],
): Promise<Float32Array> {
  const rows = new FeatureRows(known).rowsOf(Uint32Array.from(features.flat()));
  const ids = Array.from(rows, (row) => BigInt(row === noFeature ? known.length : row));
  return session.run(BigInt64Array.from(ids), features.length, templates.length);
}
