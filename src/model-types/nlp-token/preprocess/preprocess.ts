import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset, type Dataset } from '../../../data/datasetReader';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { writeArray } from '../../../support/arrayFiles';
import { defaultFeatures } from '../../../tagging/features/featureSpec';
import { isRuleTag } from '../../../tagging/rules';
import { readSpansCell } from '../../../tagging/span';
import type { TokenUnit } from '../../../tagging/tokens';
import type { CrfManifest } from '../bundle/manifest';
import { extractFacts, type ExtractFacts } from '../extract/facts';
import type { NlpTokenOptions } from '../options';
import { checkTags } from './checkTags';
import { chooseSplit } from './split';
import { distinctTags, TagTable } from './tagTable';
import { tokenFiles, type TokenSummary } from './tokenData';
import { writeTokens } from './writeTokens';

/** Extracted rows → labels and features of their tokens, and the split; see TokenSummary. */
export async function preprocess(context: StageContext, options: NlpTokenOptions): Promise<void> {
  const extract = join(context.inputs, 'extract');
  const base = await readBase(join(context.inputs, 'base'));
  const train = openDataset(join(extract, 'train'));
  try {
    const table = await countTags(context, train);
    const tags = chooseTags(options, table, base);
    const ruleTags = distinctTags(options.target_labels).filter(isRuleTag);
    const known = [...new Set([...tags, ...ruleTags])];
    table.warnOfUnexpected(context, known, 'training');
    checkTags(context, { tags, ruleTags, table, known: base?.tags ?? [], rows: train.rows });
    const testRows = await lookAtTestRows(context, join(extract, 'test'), known);
    const unit = base?.tokens ?? options.tokens ?? unitOf(extract);
    const features = base?.features ?? defaultFeatures;
    const { groups, firstTags, tokens } = await writeTokens(context, train, {
      unit,
      features,
      tags,
    });
    const split = chooseSplit(context, options, { groups, firstTags, tags, testRows });
    const summary: TokenSummary = {
      format: 1,
      unit,
      features,
      tags,
      ruleTags,
      seed: options.seed,
      dataHash: train.schema.rowHash,
      rows: train.rows,
      tokens,
      split: split.split,
      tagSpans: tags.map((tag) => table.spansOf(tag)),
    };
    writeArray(context.outputs, tokenFiles.parts, split.parts);
    const path = join(context.outputs, tokenFiles.summary);
    writeFileSync(path, `${JSON.stringify(summary, null, 1)}\n`);
  } finally {
    train.close();
  }
}

async function readBase(dir: string): Promise<CrfManifest | undefined> {
  if (!existsSync(dir)) return undefined;
  // Loaded only for a base model: checking manifests takes a tenth of a second to load.
  const { readManifest, requireCrf } = await import('../bundle/manifest.js');
  return requireCrf(readManifest(dir));
}

/**
 * The tags to learn: those of the base model, then those asked for. A tag with a rule is learned too where
 * the data has spans of it. With a base model new tags of the data join.
 */
function chooseTags(
  { target_labels }: NlpTokenOptions,
  table: TagTable,
  base: CrfManifest | undefined,
): string[] {
  const asked = distinctTags(target_labels).filter(
    (tag) => !isRuleTag(tag) || table.spansOf(tag) > 0,
  );
  const joining = base ? table.found().sort() : [];
  return [...new Set([...(base?.tags ?? []), ...asked, ...joining])];
}

async function countTags(context: StageContext, rows: Dataset): Promise<TagTable> {
  const table = new TagTable();
  for (const block of rows.blocks(['spans'])) {
    for (const cell of block.values.spans) {
      for (const { tag } of readSpansCell(cell)) table.add(tag);
    }
    await nextTurn(context);
  }
  return table;
}

async function lookAtTestRows(
  context: StageContext,
  dir: string,
  known: readonly string[],
): Promise<number> {
  if (!existsSync(dir)) return 0;
  const test = openDataset(dir);
  try {
    (await countTags(context, test)).warnOfUnexpected(context, known, 'test');
    return test.rows;
  } finally {
    test.close();
  }
}

function unitOf(extract: string): TokenUnit {
  const facts = JSON.parse(readFileSync(join(extract, extractFacts), 'utf8')) as ExtractFacts;
  return facts.annotated > 0 ? 'words' : 'whitespace';
}
