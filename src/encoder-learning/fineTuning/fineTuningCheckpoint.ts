import type { StageContext } from '../../stage/stageContext';
import { withFile } from '../../support/largeFiles';
import { restOf } from '../../ml/byteSource';
import type { SavedSnapshot, Snapshot, SnapshotJson } from '../../ml/nn/optimizer/snapshot';
import type { TrainingPosition } from '../../ml/nn/training/training';

/** Measures of the validation part after an epoch; null without validation rows. */
export interface EpochMeasures {
  /** Of texts: after calibration. Of tokens: the mean over them. */
  validation_loss: number | null;
  /** Of texts with one label each. */
  validation_accuracy?: number | null;
  /** Of the spans of tagged tokens. */
  validation_f1?: number | null;
}

/** How one epoch went. */
export interface EpochRecord extends EpochMeasures {
  epoch: number;
  train_loss: number;
}

/** What a checkpoint holds beside the training's own state. */
export interface TrainingProgress {
  history: EpochRecord[];
  /** Sum of the losses of this epoch's steps, and their number. */
  lossSum: number;
  steps: number;
}

/** A checkpoint to go on from. */
export interface SavedTraining {
  training: SavedSnapshot<TrainingPosition>;
  progress: TrainingProgress;
}

/** The parts of a checkpoint's file: length of the JSON, JSON, arrays. The arrays are views. */
export function checkpointParts(
  { json, parts }: Snapshot<TrainingPosition>,
  progress: TrainingProgress,
): Uint8Array[] {
  const header = Buffer.from(JSON.stringify({ json, progress }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return [length, header, ...parts];
}

/**
 * Runs `use` with the newest checkpoint of an earlier attempt; with undefined on a fresh start. Its
 * arrays are read from the file when they are asked for, which ends with `use`.
 */
export function withCheckpoint<T>(
  { resume }: StageContext,
  use: (saved: SavedTraining | undefined) => T,
): T {
  if (!resume) return use(undefined);
  return withFile(resume.path, (file) => {
    const start = 4 + Buffer.from(file.read(0, 4)).readUInt32LE();
    const { json, progress } = JSON.parse(Buffer.from(file.read(4, start)).toString()) as {
      json: SnapshotJson<TrainingPosition>;
      progress: TrainingProgress;
    };
    return use({ training: { json, bytes: restOf(file, start) }, progress });
  });
}
