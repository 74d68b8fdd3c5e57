import { join } from 'node:path';
import { openDataset } from '../../../data/dataset';
import type { HoldoutKind } from './evaluation';
import { readFeatureSummary, readParts, rowPart } from '../preprocess/features';

/** The rows to measure on, read in blocks and never held together. */
export interface HeldOut {
  kind: HoldoutKind;
  rows: number;
  /** All rows in order. `rows` are their numbers, from 0 over the part that they come from. */
  blocks(): Iterable<HeldOutBlock>;
  /** The text of one row, by its number. */
  text(row: number): string;
  close(): void;
}

export interface HeldOutBlock {
  rows: number[];
  texts: string[];
  labels: string[];
}

/** Small enough that a look at the abort signal after each block comes soon. */
const rowsPerBlock = 256;

/** The rows that `preprocess` kept from training; `inputs` holds `extract/` and `preprocess/`. */
export function openHeldOut(inputs: string): HeldOut {
  const { split } = readFeatureSummary(join(inputs, 'preprocess'));
  const part = split.kind === 'test_files' ? 'test' : 'train';
  const parts = part === 'train' ? readParts(join(inputs, 'preprocess')) : undefined;
  const dataset = openDataset(join(inputs, 'extract', part));
  return {
    kind: split.kind,
    rows: split.testRows,
    *blocks() {
      if (split.kind === 'none') return;
      for (const { start, rows, values } of dataset.blocks(['text', 'label'], rowsPerBlock)) {
        const chosen = Array.from({ length: rows }, (_, i) => i).filter(
          (i) => !parts || parts[start + i] === rowPart.test,
        );
        if (chosen.length === 0) continue;
        yield {
          rows: chosen.map((i) => start + i),
          texts: chosen.map((i) => values.text[i]!),
          labels: chosen.map((i) => values.label[i]!),
        };
      }
    },
    text: (row) => dataset.get('text', row),
    close: () => dataset.close(),
  };
}
