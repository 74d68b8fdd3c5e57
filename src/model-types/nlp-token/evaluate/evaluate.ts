import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { openTagger, type TokenTagger } from '../predict/tokenTagger';
import { checkRows } from './checks';
import type { Evaluation, Measured, TokenMetrics } from './evaluation';
import { type HeldOut, heldOutRows } from './heldOut';
import { measure } from './measure';

/**
 * Measures the model on the rows that were kept from training, looks the data over, and leaves
 * `evaluation.json` (Evaluation). After a holdout the deployed model has seen every row, so the one that
 * was trained without them is measured in its place. A base model in `base/` is measured as well.
 */
export async function evaluate(context: StageContext): Promise<void> {
  const { inputs } = context;
  const heldOut = heldOutRows(inputs);
  const dir = join(inputs, 'train', 'model');
  const tagger = await openTagger(dir, context.cores);
  try {
    const standIn = join(inputs, 'train', 'holdout-model');
    const refitted = existsSync(standIn);
    const measured = await measureBundle(context, heldOut, refitted ? standIn : dir);
    const evaluation: Evaluation = {
      holdout: { kind: heldOut.kind, rows: heldOut.rows },
      refitted,
      measured,
      before: measured && (await measureBefore(context, heldOut, tagger, measured)),
      checks: await checkRows(context),
      model: {
        parameters: tagger.parameters,
        bytes: bundleBytes(dir, tagger),
        tags: tagger.manifest.tags.length,
        rule_tags: tagger.manifest.rule_tags.length,
      },
      latency_seconds: await probe(tagger, heldOut),
    };
    const path = join(context.outputs, 'evaluation.json');
    writeFileSync(path, `${JSON.stringify(evaluation, null, 1)}\n`);
  } finally {
    await tagger.close();
  }
}

async function measureBundle(
  context: StageContext,
  heldOut: HeldOut,
  dir: string,
): Promise<Measured | null> {
  if (heldOut.rows === 0) return null;
  const tagger = await openTagger(dir, context.cores);
  try {
    return await measure(tagger, heldOut, async (done) => {
      if (done % 64 !== 0) return;
      context.progress({ done, total: heldOut.rows, unit: 'rows' });
      await nextTurn(context);
    });
  } finally {
    await tagger.close();
  }
}

/** The base model; without one, what a model knew that has learned nothing: its rules. */
async function measureBefore(
  context: StageContext,
  heldOut: HeldOut,
  { manifest }: TokenTagger,
  after: Measured,
): Promise<TokenMetrics[]> {
  const base = join(context.inputs, 'base');
  if (existsSync(base)) return (await measureBundle(context, heldOut, base))!.tokens;
  return after.tokens.map((metrics) => {
    const isRuleOnly =
      manifest.rule_tags.includes(metrics.tag) && !manifest.tags.includes(metrics.tag);
    if (isRuleOnly) return metrics;
    return {
      tag: metrics.tag,
      precision: null,
      recall: metrics.recall === null ? null : 0,
      f1: null,
    };
  });
}

function bundleBytes(dir: string, { manifest }: TokenTagger): number {
  const files = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  return files + statSync(join(dir, 'manifest.json')).size;
}

/** Seconds of one answer: the median of a few, of a text of the data where there is one. */
async function probe(tagger: TokenTagger, heldOut: HeldOut): Promise<number> {
  const first = heldOut.each().next();
  const text = first.done === true ? 'John Smith lives in New York .' : first.value.text;
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const started = performance.now();
    await tagger.tag(text);
    times.push((performance.now() - started) / 1000);
  }
  return times.sort((a, b) => a - b)[2]!;
}
