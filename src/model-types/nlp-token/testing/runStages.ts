import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../../../data/files/sourceFile';
import type { StageContext, StageWarning } from '../../../stage/stageContext';
import { quietContext } from '../../../stage/testing/quietContext';
import { evaluate } from '../evaluate/evaluate';
import type { Evaluation } from '../evaluate/evaluation';
import { extract } from '../extract/extract';
import { defaultOptions, type NlpTokenOptions } from '../options';
import { preprocess } from '../preprocess/preprocess';
import { train } from '../train/train';

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

const stages = { extract, preprocess, train, evaluate };

/**
 * Runs all stages in this process, in a new folder, as a training would.
 * @param base folder of a bundle to go on from
 */
export async function runStages(
  dir: string,
  files: readonly GivenFile[],
  options: Partial<NlpTokenOptions>,
  { base, ...given }: Partial<StageContext> & { base?: string } = {},
): Promise<StagesRun> {
  const warnings: StageWarning[] = [];
  const seconds: Record<string, number> = {};
  writeFiles(join(dir, 'extract-inputs'), files);
  for (const [name, run] of Object.entries(stages)) {
    const [inputs, outputs] = [join(dir, `${name}-inputs`), join(dir, name)];
    mkdirSync(inputs, { recursive: true });
    mkdirSync(outputs, { recursive: true });
    if (name !== 'extract') {
      for (const stage of Object.keys(seconds)) symlinkSync(join(dir, stage), join(inputs, stage));
      if (base) cpSync(base, join(inputs, 'base'), { recursive: true });
    }
    const started = performance.now();
    const warn = (warning: StageWarning) => warnings.push(warning);
    const context = quietContext(inputs, outputs, { memoryMb: 6800, warn, ...given });
    await run(context, { ...defaultOptions, ...options });
    seconds[name] = (performance.now() - started) / 1000;
  }
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
