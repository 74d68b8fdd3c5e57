import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TextGroups, textIdentity } from '../../../classification/textGroups';
import { openDataset, type Dataset } from '../../../data/datasetReader';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { counted } from '../../../support/words';
import { readTokenSummary } from '../preprocess/tokenData';
import type { TokenChecks } from './evaluation';

/** Looks at every row once, and warns of what makes scores look better or worse than the model is. */
export async function checkRows(context: StageContext): Promise<TokenChecks> {
  const { inputs } = context;
  const summary = readTokenSummary(join(inputs, 'preprocess'));
  const texts = new TextGroups();
  const spansOf: string[] = [];
  const found = { duplicates: 0, conflicts: 0, overlap: 0, without_spans: 0, test: 0 };
  await eachRow(context, join(inputs, 'extract', 'train'), (text, spans, row) => {
    if (spans === '[]') found.without_spans++;
    const first = texts.add(text);
    spansOf.push(spans);
    if (first === row) return;
    if (spansOf[first] === spans) found.duplicates++;
    else found.conflicts++;
  });
  await eachRow(context, join(inputs, 'extract', 'test'), (text) => {
    found.test++;
    if (texts.find(text) >= 0) found.overlap++;
  });
  warnOf(context, found);
  const { duplicates, conflicts, overlap, without_spans } = found;
  const tags = summary.tags.map((tag, i) => ({ tag, spans: summary.tagSpans[i]! }));
  return {
    rows: { train: summary.rows, test: found.test },
    tokens: summary.tokens,
    ...{ duplicates, conflicts, overlap, without_spans },
    tags: tags.sort((a, b) => b.spans - a.spans || (a.tag < b.tag ? -1 : 1)),
  };
}

async function eachRow(
  context: StageContext,
  dir: string,
  look: (text: string, spans: string, row: number) => void,
): Promise<void> {
  if (!existsSync(dir)) return;
  const rows: Dataset = openDataset(dir);
  try {
    for (const { start, values } of rows.blocks(['text', 'spans'], 2048)) {
      values.text.forEach((text, i) =>
        look(textIdentity(text, text.length), values.spans[i]!, start + i),
      );
      await nextTurn(context);
    }
  } finally {
    rows.close();
  }
}

function warnOf(
  context: Pick<StageContext, 'warn'>,
  { conflicts, overlap }: Pick<TokenChecks, 'conflicts' | 'overlap'>,
): void {
  if (conflicts > 0) {
    const rows = counted(conflicts, 'train row has', 'train rows have');
    const message = `${rows} the text of an earlier row and other tags.`;
    context.warn({ code: 'conflicting_tags', message });
  }
  if (overlap > 0) {
    const rows = counted(overlap, 'test row has', 'test rows have');
    const message = `${rows} the text of a train row: the scores look better than the model is.`;
    context.warn({ code: 'train_test_overlap', message });
  }
}
