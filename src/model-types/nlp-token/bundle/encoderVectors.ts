import { TrainyardError } from '../../../errors';
import { tokenize } from '../../../tagging/tokens';
import type { EncoderTagger } from '../predict/encoderTagger';
import type { EncoderManifest } from './manifest';
import { probeTexts } from './testVectors';

type Vector = EncoderManifest['test_vectors'][number];

/** The test vectors of a model with an encoder. */
export async function makeEncoderVectors(
  tagger: EncoderTagger,
  { tokens: unit, labels }: Pick<EncoderManifest, 'tokens' | 'labels'>,
): Promise<Vector[]> {
  const vectors: Vector[] = [];
  for (const text of probeTexts) {
    const tokens = tokenize(text, unit);
    const windows = tagger.windows(text, tokens);
    const scores = await tagger.emissions(text, tokens);
    const chosen = tagger.decoder.labels(scores);
    vectors.push({
      text,
      starts: [...tokens.starts],
      ends: [...tokens.ends],
      ids: windows.map(({ ids }) => [...ids]),
      places: windows.map(({ places }) => [...places]),
      labels: [...chosen],
      probabilities: Array.from(chosen, (label, word) =>
        Math.fround(probabilityOf(scores, word, label, labels.length)),
      ),
    });
  }
  return vectors;
}

/** Of a label among those of its word. */
export function probabilityOf(
  scores: Float32Array,
  word: number,
  label: number,
  labels: number,
): number {
  const own = scores.subarray(word * labels, (word + 1) * labels);
  const peak = own.reduce((a, b) => Math.max(a, b));
  return Math.exp(own[label]! - peak) / own.reduce((sum, score) => sum + Math.exp(score - peak), 0);
}

/** Refuses a model that reads texts otherwise here, or says something else of them. */
export async function assertEncoderVectors(
  tagger: EncoderTagger,
  manifest: EncoderManifest,
): Promise<void> {
  const { test_vectors: stated, tolerance, labels } = manifest;
  let worst = 0;
  for (const { text, starts, ends, ids, labels: chosen, probabilities } of stated) {
    const tokens = tokenize(text, manifest.tokens);
    const read = tagger.windows(text, tokens).map((window) => [...window.ids]);
    const found = JSON.stringify([[...tokens.starts], [...tokens.ends], read]);
    if (found !== JSON.stringify([starts, ends, ids])) {
      throw new TrainyardError(
        'config',
        'features_changed',
        'the model was made with another tokenizer than this version reads: its tags would be wrong. Use the version that made it, or train the model again',
      );
    }
    const scores = await tagger.emissions(text, tokens);
    chosen.forEach((label, word) => {
      const probability = probabilityOf(scores, word, label, labels.length);
      worst = Math.max(worst, Math.abs(probability - probabilities[word]!));
    });
  }
  if (worst <= tolerance) return;
  throw new TrainyardError(
    'config',
    'scores_changed',
    `on this machine the model's probabilities differ by ${worst.toPrecision(2)} from those that it was made with, allowed are ${tolerance}. Train the model again`,
  );
}
