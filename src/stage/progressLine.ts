import type { StageProgress } from './stageContext';

/** One line for people about how much of a stage is done. */
export function progressLine({ done, total, unit, detail }: StageProgress): string {
  const amount = total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
  return detail === undefined ? amount : `${amount}, ${detail}`;
}
