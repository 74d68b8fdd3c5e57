import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nlpToken } from '..';
import type { SourceFile } from '../../../data/files/sourceFile';
import { shardsOf } from '../../../encoder-learning/embeddings/shards';
import type { StageContext, StageWarning } from '../../../stage/stageContext';
import { quietContext } from '../../../stage/testing/quietContext';
import type { Evaluation } from '../evaluate/evaluation';
import { defaultOptions, type NlpTokenOptions } from '../options';
import { readTokenSummary } from '../preprocess/tokenData';

/** A file by its name; test files say so. */
export interface GivenFile {
  name: string;
  content: string | Buffer;
  part?: 'test';
}

export interface StagesRun {
  /** Where each stage left its result: `extract/`, `preprocess/`, `train/`, `evaluate/`. */
  dir: string;
  warnings: StageWarning[];
  evaluation: Evaluation;
  /** Seconds of each stage. */
  seconds: Record<string, number>;
}

type StageName = 'extract' | 'preprocess' | 'train' | 'evaluate';

/** What a training starts from. */
interface Starts {
  /** Folder of a bundle to go on from. */
  base?: string;
  /** Folder of a pretrained encoder. */
  encoder?: string;
}

/** Runs all stages in this process, in a new folder, as a training would. */
export async function runStages(
  dir: string,
  files: readonly GivenFile[],
  given: Partial<NlpTokenOptions>,
  { base, encoder, ...more }: Partial<StageContext> & Starts = {},
): Promise<StagesRun> {
  const options = { ...defaultOptions, ...given };
  const warnings: StageWarning[] = [];
  const seconds: Record<string, number> = {};
  const contextOf = (inputs: string, outputs: string): StageContext => {
    mkdirSync(outputs, { recursive: true });
    const warn = (warning: StageWarning) => warnings.push(warning);
    return quietContext(inputs, outputs, { memoryMb: 6800, warn, ...more });
  };
  const inputs = join(dir, 'inputs');
  writeFiles(inputs, files);
  if (base) cpSync(base, join(inputs, 'base'), { recursive: true });
  if (encoder) symlinkSync(encoder, join(inputs, 'encoder'));
  const run = async (name: StageName): Promise<void> => {
    const started = performance.now();
    const outputs = join(dir, name);
    await nlpToken.stages[name]!.run(contextOf(inputs, outputs), options);
    symlinkSync(outputs, join(inputs, name));
    seconds[name] = (performance.now() - started) / 1000;
  };
  await run('extract');
  await run('preprocess');
  if (options.encoder?.training === 'frozen') {
    const started = performance.now();
    const { rows } = readTokenSummary(join(dir, 'preprocess'));
    for (const [i, shard] of shardsOf(rows).entries()) {
      writeFileSync(join(inputs, 'item.json'), JSON.stringify(shard));
      const context = contextOf(inputs, join(inputs, 'embeddings', String(i)));
      await nlpToken.stages['embed']!.run(context, options);
    }
    seconds['embed'] = (performance.now() - started) / 1000;
  }
  await run('train');
  await run('evaluate');
  const evaluation = JSON.parse(
    readFileSync(join(dir, 'evaluate', 'evaluation.json'), 'utf8'),
  ) as Evaluation;
  return { dir, warnings, evaluation, seconds };
}

function writeFiles(inputs: string, files: readonly GivenFile[]): void {
  mkdirSync(inputs, { recursive: true });
  const listed = files.map(({ name, content, part }, i): SourceFile => {
    const bytes = Buffer.from(content as string);
    writeFileSync(join(inputs, `f${i}`), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, part: part ?? 'train', sha256, path: `f${i}`, offset: 0, bytes: bytes.length };
  });
  writeFileSync(join(inputs, 'files.json'), JSON.stringify(listed));
}
