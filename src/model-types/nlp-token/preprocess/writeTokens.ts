import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TextGroups, textIdentity } from '../../../classification/textGroups';
import type { Dataset } from '../../../data/datasetReader';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { writeArray } from '../../../support/arrayFiles';
import type { TokenFeatures } from '../../../tagging/features/featureSpec';
import { TokenFeaturizer } from '../../../tagging/features/tokenFeaturizer';
import { readSpansCell } from '../../../tagging/span';
import { labelTokens, tagOf } from '../../../tagging/tagLabels';
import { tokenize, type TokenUnit, wordsOf } from '../../../tagging/tokens';
import { tokenFiles } from './tokenData';

/** Rows between two looks at the abort signal. */
const rowsPerTurn = 256;

interface WrittenTokens {
  /** The first row with the same text, per row. */
  groups: Int32Array;
  /** The number of the first span's tag, per row; tags.length for a row without. */
  firstTags: Int32Array;
  tokens: number;
}

/** Writes the tokens of all rows, see TokenSummary; memory stays at a label for each token and one block. */
export async function writeTokens(
  context: StageContext,
  rows: Dataset,
  { unit, features, tags }: { unit: TokenUnit; features: TokenFeatures; tags: readonly string[] },
): Promise<WrittenTokens> {
  const numbers = new Map(tags.map((tag, i) => [tag, i]));
  const featurizer = new TokenFeaturizer(features);
  const groups = new TextGroups();
  const firstTags = new Int32Array(rows.rows);
  const starts = new Float64Array(rows.rows + 1);
  const featureFile = openSync(join(context.outputs, tokenFiles.features), 'w');
  const labelFile = openSync(join(context.outputs, tokenFiles.labels), 'w');
  try {
    for (const block of rows.blocks(['text', 'spans'], rowsPerTurn)) {
      block.values.text.forEach((text, i) => {
        const row = block.start + i;
        const tokens = tokenize(text, unit);
        const count = tokens.starts.length;
        const labels = new Uint16Array(count);
        const spans = readSpansCell(block.values.spans[i]!);
        labelTokens(tokens, spans, (tag) => numbers.get(tag), labels);
        const found = new Uint32Array(count * featurizer.width);
        featurizer.features(wordsOf(text, tokens), found);
        writeAll(featureFile, found);
        writeAll(labelFile, labels);
        starts[row + 1] = starts[row]! + count;
        firstTags[row] = tagOf(labels.find((label) => label > 0) ?? 1 + 2 * tags.length);
        groups.add(textIdentity(text, text.length));
      });
      const done = block.start + block.rows;
      context.progress({ done, total: rows.rows, unit: 'rows' });
      await nextTurn(context);
    }
  } finally {
    closeSync(featureFile);
    closeSync(labelFile);
  }
  writeArray(context.outputs, tokenFiles.starts, starts);
  return { groups: groups.first(), firstTags, tokens: starts[rows.rows]! };
}

function writeAll(file: number, array: ArrayBufferView): void {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
