import { readFileSync } from 'node:fs';
import type { StageContext } from '../../../../allocation/stageContext';
import type { Snapshot, SnapshotJson } from '../../../../ml/nn/optimizer/snapshot';
import type { TrainingPosition } from '../../../../ml/nn/training/training';

/** How one epoch went. */
export interface EpochRecord {
  epoch: number;
  train_loss: number;
  /** After calibration; null without validation rows. */
  validation_loss: number | null;
  validation_accuracy: number | null;
}

/** What a checkpoint holds beside the training's own state. */
export interface Journey {
  history: EpochRecord[];
  /** Sum of the losses of this epoch's steps, and their number. */
  lossSum: number;
  steps: number;
}

interface Saved {
  training: { json: SnapshotJson<TrainingPosition>; bytes: Uint8Array };
  journey: Journey;
}

/** A checkpoint as one file: length of the JSON, JSON, arrays. */
export function encodeCheckpoint(
  { json, parts }: Snapshot<TrainingPosition>,
  journey: Journey,
): Uint8Array {
  const header = Buffer.from(JSON.stringify({ json, journey }));
  const bytes = new Uint8Array(4 + header.length + parts.reduce((sum, p) => sum + p.length, 0));
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = 4 + header.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The newest checkpoint of an earlier attempt; undefined on a fresh start. */
export function readCheckpoint({ resume }: StageContext): Saved | undefined {
  if (!resume) return undefined;
  const file = readFileSync(resume.path);
  const length = file.readUInt32LE(0);
  const { json, journey } = JSON.parse(file.toString('utf8', 4, 4 + length)) as {
    json: SnapshotJson<TrainingPosition>;
    journey: Journey;
  };
  return { training: { json, bytes: file.subarray(4 + length) }, journey };
}
