import { TrainyardError } from '../../../errors';
import type { Sequences } from '../../../ml/crf/sequences';
import type { StageContext } from '../../../stage/stageContext';
import { countFeatures } from '../../../tagging/features/countFeatures';
import { FeatureRows } from '../../../tagging/features/featureRows';
import { readSequences, readTokenSummary } from '../preprocess/tokenData';
import { addBaseSpans, type BaseModel } from './baseModel';
import { joined, type LabelledTokens } from './labelledTokens';
import { trainerSettings } from './trainerSettings';

/**
 * The sentences of the data, then those that a base model remembers.
 * @param inputs folder of the preprocessed rows
 */
export function loadTokens(inputs: string, base: BaseModel | undefined): LabelledTokens {
  const own = readSequences(inputs);
  if (!base) return own;
  const { tagSpans } = readTokenSummary(inputs);
  const silent = base.model.tags.flatMap((_, tag) => (tagSpans[tag] === 0 ? [tag] : []));
  addBaseSpans(base, own, new Set(silent));
  return base.rehearsal ? joined(own, base.rehearsal) : own;
}

/** Features, their rows and the weights with their sums are all in memory. */
export function requireMemory({ memoryMb }: StageContext, hashes: Uint32Array): void {
  const needed = Math.ceil((hashes.byteLength * 3) / 2 ** 20) + 600;
  if (needed <= memoryMb) return;
  throw new TrainyardError(
    'limit',
    'too_many_tokens',
    `the tokens of this training need about ${needed} MiB, and it has ${memoryMb}. Raise job_options.allocation_memory, or give fewer rows`,
  );
}

/** Gives each feature a row of the weights; the rarest have none where there are too many. */
export function numberFeatures(
  { hashes, labels, starts }: LabelledTokens,
  width: number,
  labelCount: number,
): { known: FeatureRows; sequences: Sequences } {
  const limit = Math.floor(trainerSettings.maxWeights / labelCount);
  const known = new FeatureRows(countFeatures([hashes], limit).features);
  return { known, sequences: { width, features: known.rowsOf(hashes), labels, starts } };
}
