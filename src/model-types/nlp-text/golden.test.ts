import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageContext } from '../../stage/stageContext';
import type { SourceFile } from '../../data/files/sourceFile';
import { extract } from './extract/extract';
import { defaultOptions } from './options';
import { preprocess } from './preprocess/preprocess';
import { goldenInputs, type GoldenInput } from './testing/goldenInputs';
import { goldenOutputs, type Digests, type Pinned } from './testing/goldenOutputs';
import { stepVersions } from './versions';
import { quietContext } from '../../stage/testing/quietContext';

// Starting the threads that read documents takes seconds on a busy machine.
jest.setTimeout(60_000);

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'golden-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.each(Object.keys(goldenInputs) as (keyof typeof goldenInputs)[])('%s', (name) => {
  it('become the bytes that are pinned for the versions of their steps', async () => {
    const input = await goldenInputs[name]();
    const options = { ...defaultOptions, label_column: 'label', ...input.options };
    const [sources, features] = [folder('sources'), folder('features')];
    const extracted = folder('inputs/extract');
    laySources(sources, input);
    await extract(contextOf(sources, extracted), options);
    await preprocess(contextOf(join(root, 'inputs'), features), options);
    const problems = [
      ...problemsOf('extract', goldenOutputs[name].extract, digestsOf(extracted)),
      ...problemsOf('preprocess', goldenOutputs[name].preprocess, digestsOf(features)),
    ];
    expect(problems.join('\n')).toBe('');
  });
});

/** Under one version runs take old bytes from the step cache: so with other bytes comes another version. */
function problemsOf(step: 'extract' | 'preprocess', pinned: Pinned, files: Digests): string[] {
  const version = stepVersions[step];
  const names = [...new Set([...Object.keys(pinned.files), ...Object.keys(files)])];
  const changed = names.filter((file) => pinned.files[file] !== files[file]);
  if (changed.length === 0 && version === pinned.version) return [];
  const what =
    version === pinned.version
      ? `${step} makes other bytes of the same input (${changed.join(', ')}): raise its version in src/model-types/nlp-text/versions.ts, then pin it`
      : `${step} has version ${version}, pinned is ${pinned.version}: pin it`;
  const pin = JSON.stringify({ version, files }, null, 2);
  return [`${what} in src/model-types/nlp-text/testing/goldenOutputs.ts as\n${step}: ${pin}`];
}

function laySources(inputs: string, { files }: GoldenInput): void {
  const listed = files.map(([name, content, part], i): SourceFile => {
    const bytes = Buffer.from(content as string);
    writeFileSync(join(inputs, `f${i}`), bytes);
    // Not of the content: a zip has the date in it.
    const sha256 = createHash('sha256').update(name).digest('hex');
    return { name, part: part ?? 'train', sha256, path: `f${i}`, offset: 0, bytes: bytes.length };
  });
  writeFileSync(join(inputs, 'files.json'), JSON.stringify(listed));
}

function folder(name: string): string {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function contextOf(inputs: string, outputs: string): StageContext {
  return quietContext(inputs, outputs, { cores: 2, memoryMb: 4000 });
}

function digestsOf(outputs: string): Digests {
  const files = readdirSync(outputs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(outputs.length + 1))
    .sort();
  const digest = (file: string): string =>
    createHash('sha256')
      .update(readFileSync(join(outputs, file)))
      .digest('hex')
      .slice(0, 32);
  return Object.fromEntries(files.map((file) => [file, digest(file)]));
}
