import { existsSync } from 'node:fs';
import type { FeatureRows } from '../../../tagging/features/featureRows';
import { beginLabel, insideLabel, labelCount, outside, spansOf } from '../../../tagging/tagLabels';
import { readModel, readRehearsalFile } from '../bundle/bundle';
import { readManifest, requireCrf } from '../bundle/manifest';
import type { CrfModel } from '../bundle/crfModel';
import { CrfTagger } from '../predict/crfTagger';
import type { LabelledTokens } from './labelledTokens';
import { readRehearsal } from './rehearsal';
import type { FittedWeights } from './trainState';

/** A model to go on from. */
export interface BaseModel {
  model: CrfModel;
  /** Sentences that it remembers. */
  rehearsal: LabelledTokens | undefined;
}

/** The base model in `dir`; undefined without one. */
export function readBaseModel(dir: string): BaseModel | undefined {
  if (!existsSync(dir)) return undefined;
  const manifest = requireCrf(readManifest(dir));
  const model = readModel(dir, manifest);
  const packed = readRehearsalFile(dir, manifest);
  return { model, rehearsal: packed && readRehearsal(packed) };
}

/** The weights of a base model at the places that they have in the new one, 0 for what is new. */
export function baseWeights(base: CrfModel, known: FeatureRows, tags: number): FittedWeights {
  const labels = labelCount(tags);
  const own = base.bias.length;
  const weights = new Float32Array(known.features.length * labels);
  base.known.forEach((feature, row) => {
    const at = known.rowOf(feature);
    if (at < 0) return;
    weights.set(base.weights.subarray(row * own, (row + 1) * own), at * labels);
  });
  const transitions = new Float64Array(labels * labels);
  for (let from = 0; from < own; from++) {
    transitions.set(base.transitions.subarray(from * own, (from + 1) * own), from * labels);
  }
  return { weights, transitions };
}

/**
 * Where the new rows have no span of a tag at all that the base model knows, they were not looked
 * through for it: what they leave outside gets what the base model finds there, so that being
 * outside does not unlearn the tag (pseudo-labels; Lee 2013).
 *
 * @param silent numbers of those tags
 */
export function addBaseSpans(
  { model }: BaseModel,
  { hashes, labels, starts }: LabelledTokens,
  silent: ReadonlySet<number>,
): void {
  if (silent.size === 0) return;
  const tagger = new CrfTagger(model);
  const { width } = tagger;
  for (let row = 0; row + 1 < starts.length; row++) {
    const [from, to] = [starts[row]!, starts[row + 1]!];
    if (from === to) continue;
    const found = spansOf(tagger.labels(hashes.subarray(from * width, to * width)));
    for (const { first, end, tag } of found) {
      if (!silent.has(tag)) continue;
      const place = labels.subarray(from + first, from + end);
      if (place.some((label) => label !== outside)) continue;
      // A span that goes on right behind would get another beginning.
      place.fill(insideLabel(tag));
      place[0] = beginLabel(tag);
    }
  }
}
