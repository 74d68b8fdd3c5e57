import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDataset } from '../../src/data/datasetWriter';
import type { Evaluation } from '../../src/model-types/nlp-text/evaluate/evaluation';
import { shardsOf } from '../../src/encoder-learning/embeddings/shards';
import { nlpText } from '../../src/model-types/nlp-text';
import type { NlpTextOptions } from '../../src/model-types/nlp-text/options';
import { newContext } from '../accuracy/localRun';
import type { Row, TextSet } from '../accuracy/datasets';

/** Seconds of each stage, what `evaluate` found, and where the stages left their files. */
export interface EncoderRun {
  seconds: Partial<Record<string, number>>;
  evaluation: Evaluation;
  /** What stage `name` left. */
  folder(name: string): string;
}

/**
 * Runs all stages after extraction in this process, as allocations would.
 *
 * @param encoder a Hugging Face folder; absent: the options name none
 */
export async function runEncoderStages(
  dir: string,
  set: TextSet,
  options: NlpTextOptions,
  encoder: string | undefined,
  cores = 2,
): Promise<EncoderRun> {
  const extract = join(dir, 'extract');
  writeRows(join(extract, 'train'), set.train);
  writeRows(join(extract, 'test'), set.test);
  const folder = (name: string): string => join(dir, `${name}-outputs`);
  const seconds: EncoderRun['seconds'] = {};
  const run = async (stage: string, inputs: Record<string, string>, name: string = stage) => {
    const context = newContext(dir, name, cores);
    for (const [link, target] of Object.entries(inputs)) {
      mkdirSync(join(context.inputs, link, '..'), { recursive: true });
      symlinkSync(resolve(target), join(context.inputs, link));
    }
    const started = performance.now();
    await nlpText.stages[stage]!.run(context, options);
    seconds[stage] = (seconds[stage] ?? 0) + (performance.now() - started) / 1000;
  };
  await run('preprocess', { extract });
  const inputs: Record<string, string> = { extract, preprocess: folder('preprocess') };
  if (encoder !== undefined) inputs['encoder'] = encoder;
  if (options.encoder?.training === 'frozen') {
    for (const [shard, rows] of shardsOf(set.train.length).entries()) {
      const described = join(dir, `shard-${shard}.json`);
      writeFileSync(described, JSON.stringify(rows));
      await run('embed', { extract, encoder: encoder!, 'item.json': described }, `embed-${shard}`);
      inputs[`embeddings/${shard}`] = folder(`embed-${shard}`);
    }
  }
  await run('train', inputs);
  await run('evaluate', { extract, preprocess: folder('preprocess'), train: folder('train') });
  const evaluation = readFileSync(join(folder('evaluate'), 'evaluation.json'), 'utf8');
  return { seconds, evaluation: JSON.parse(evaluation) as Evaluation, folder };
}

function writeRows(dir: string, rows: Row[]): void {
  const writer = createDataset(dir, ['text', 'label']);
  for (const row of rows) writer.append([row.text, row.label]);
  writer.finish();
}
