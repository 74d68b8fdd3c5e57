import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StageContext, StageProgress, StageWarning } from '../../../stage/stageContext';
import { openDataset, type DatasetSchema } from '../../../data/dataset';
import type { SourceFile } from '../../../data/files/sourceFile';
import type { ExtractSummary } from '../../../rows/extractFiles';
import { extract } from '../extract/extract';
import { defaultOptions, type NlpTextOptions } from '../options';
import { quietContext } from '../../../stage/testing/quietContext';

let root: string;
let runs = 0;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'extract-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const defaults: NlpTextOptions = {
  ...defaultOptions,
  label_column: 'label',
};

export type Content = string | Buffer;

/** What the stage left. */
export interface ExtractRun {
  rows: (part: 'train' | 'test') => string[][];
  hash: string;
  summary: ExtractSummary;
  warnings: StageWarning[];
  progress: StageProgress[];
}

/** Runs the stage on files given as [name, content]; test files have a third item, and the context what is `given`. */
export async function runExtract(
  files: (readonly [name: string, content: Content, part?: 'test'])[],
  options: Partial<NlpTextOptions> = {},
  given: Partial<StageContext> = {},
): Promise<ExtractRun> {
  const dir = join(root, String(runs++));
  const inputs = join(dir, 'inputs');
  const outputs = join(dir, 'outputs');
  mkdirSync(outputs, { recursive: true });
  const listed: SourceFile[] = files.map(([name, content, part], i) => {
    const bytes = Buffer.from(content as string);
    mkdirSync(dirname(join(inputs, `f${i}`)), { recursive: true });
    writeFileSync(join(inputs, `f${i}`), bytes);
    return {
      name,
      part: part ?? 'train',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      path: `f${i}`,
      offset: 0,
      bytes: bytes.length,
    };
  });
  mkdirSync(inputs, { recursive: true });
  writeFileSync(join(inputs, 'files.json'), JSON.stringify(listed));
  const warnings: StageWarning[] = [];
  const progress: StageProgress[] = [];
  const context = quietContext(inputs, outputs, {
    cores: 2,
    memoryMb: 4000,
    progress: (p) => progress.push(p),
    warn: (w) => warnings.push(w),
    ...given,
  });
  await extract(context, { ...defaults, ...options });
  const rows = (part: 'train' | 'test'): string[][] => {
    const dataset = openDataset(join(outputs, part));
    const all = Array.from({ length: dataset.rows }, (_, i) => [
      dataset.get('text', i),
      dataset.get('label', i),
    ]);
    dataset.close();
    return all;
  };
  const json = (name: string): unknown => JSON.parse(readFileSync(join(outputs, name), 'utf8'));
  const { rowHash } = json('train/dataset.json') as DatasetSchema;
  const summary = json('extract.json') as ExtractSummary;
  return { rows, hash: rowHash, summary, warnings, progress };
}
