import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import { readSpansCell, type Span } from '../../../tagging/span';
import { readParts, readTokenSummary, rowPart, type TokenSummary } from '../preprocess/tokenData';

/** A row to measure on. */
export interface HeldOutRow {
  part: 'train' | 'test';
  /** From 1. */
  row: number;
  text: string;
  spans: Span[];
}

/** The rows that were kept from training. */
export interface HeldOut {
  kind: TokenSummary['split']['kind'];
  rows: number;
  each(): Generator<HeldOutRow>;
}

export function heldOutRows(inputs: string): HeldOut {
  const preprocess = join(inputs, 'preprocess');
  const { kind, testRows: rows } = readTokenSummary(preprocess).split;
  const part = kind === 'test_files' ? 'test' : 'train';
  const dir = join(inputs, 'extract', part);
  return {
    kind,
    rows,
    *each() {
      if (rows === 0 || !existsSync(dir)) return;
      const parts = part === 'train' ? readParts(preprocess) : undefined;
      const dataset = openDataset(dir);
      try {
        for (const { start, values } of dataset.blocks(['text', 'spans'], 256)) {
          for (const [i, text] of values.text.entries()) {
            const row = start + i;
            if (parts && parts[row] !== rowPart.test) continue;
            yield { part, row: row + 1, text, spans: readSpansCell(values.spans[i]!) };
          }
        }
      } finally {
        dataset.close();
      }
    },
  };
}
