import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AllocationJob } from '../../src/allocation/protocol';
import type * as Allocation from '../../src/allocation/allocation';
import { buildCjkPdf, buildDocx } from '../../src/data/documents/testing/hostileDocuments';
import { defaultOptions } from '../../src/model-types/nlp-text/options';
import type { TrainyardError } from '../../src/errors';
import { allocationsBelow } from '../support/processes';
import { until } from '../support/poll';
import { scratchFolder } from '../support/shared';
import { textsCsv } from '../support/texts';

jest.setTimeout(120_000);

// The built code: an allocation starts the compiled child beside it.
const { runAllocation } = jest.requireActual<typeof Allocation>(
  '../../dist/src/allocation/allocation.js',
);

const options = { ...defaultOptions, label_column: 'label' };

/** An extract of one CSV file, in folders of its own. */
function extractJob(csv: string, more: Partial<AllocationJob> = {}): AllocationJob {
  const folder = scratchFolder('allocation');
  const [inputs, outputs, checkpoints] = ['in', 'out', 'ck'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [inputs, outputs, checkpoints]) mkdirSync(made);
  writeFileSync(join(inputs, 'train.csv'), csv);
  const file = {
    name: 'train.csv',
    part: 'train',
    sha256: '',
    path: 'train.csv',
    offset: 0,
    bytes: Buffer.byteLength(csv),
  };
  writeFileSync(join(inputs, 'files.json'), JSON.stringify([file]));
  const folders = { inputs, outputs, checkpoints };
  return {
    modelType: 'nlp-text',
    stage: 'extract',
    readsUploads: true,
    keepsWarnings: true,
    options,
    ...folders,
    cores: 1,
    memoryMb: 1000,
    ...more,
  };
}

function run(job: AllocationJob, signal = new AbortController().signal, hangMs = 60_000) {
  return runAllocation({
    job,
    signal,
    hangMs,
    listener: {
      progress: () => undefined,
      metric: () => undefined,
      warning: () => undefined,
      checkpoint: () => Promise.resolve(true),
      log: () => undefined,
    },
  });
}

const small = textsCsv({ rows: 50, classes: 2, seed: 1 });

test('a stage leaves its outputs and ends', async () => {
  const job = extractJob(small);
  await run(job);
  expect(readdirSync(job.outputs).sort()).toEqual(['extract.json', 'train', 'warnings.json']);
});

test('documents are read where the process is confined, with the maps that PDF needs', async () => {
  // 我想申请退款, in a character map that the document only names.
  const hex = 'ced2cfebc9eac7ebcdcbbfee';
  const pdf = buildCjkPdf({ encoding: 'GBK-EUC-H', ordering: 'GB1', hex });
  const docx = await buildDocx('<w:p><w:r><w:t>invoice</w:t><w:br/><w:t>due</w:t></w:r></w:p>');
  const job = extractJob('', { options: { ...options, doc_classification: true } });
  const files = [
    ['zh/1.pdf', pdf],
    ['en/2.docx', docx],
    ['en/3.html', Buffer.from('<p>a page')],
    ['en/4.eml', Buffer.from('Subject: a mail\n\nwith a body')],
  ] as const;
  const listed = files.map(([name, bytes], i) => {
    writeFileSync(join(job.inputs, `f${i}`), bytes);
    return { name, part: 'train', sha256: '', path: `f${i}`, offset: 0, bytes: bytes.length };
  });
  writeFileSync(join(job.inputs, 'files.json'), JSON.stringify(listed));
  await run(job);
  expect(readFileSync(join(job.outputs, 'train', 'text.utf8'), 'utf8')).toBe(
    '我想申请退款invoice\ndue' + 'a page' + 'a mail\n\nwith a body',
  );
});

test('a failure of the stage keeps its kind, code and message across the process boundary', async () => {
  const failure = (await run(extractJob('text,labl\na,b\n')).catch(
    (e: unknown) => e,
  )) as TrainyardError;
  expect(failure).toMatchObject({ kind: 'data', code: 'unknown_column' });
  expect(failure.message).toMatch(/label.*labl/s);
});

test('an unknown model type is told, not hung on', async () => {
  const done = run(extractJob(small, { modelType: 'nlp-nothing' }));
  await expect(done).rejects.toMatchObject({ code: 'unknown_model_type' });
});

test('an abort kills the process and all it started', async () => {
  const controller = new AbortController();
  const job = extractJob(textsCsv({ rows: 50_000, classes: 2, seed: 1 }));
  const done = run(job, controller.signal);
  await until('it works', () => allocationsBelow(job.outputs).length > 0);
  controller.abort(new Error('enough'));
  await expect(done).rejects.toThrow('enough');
  expect(allocationsBelow(job.outputs)).toEqual([]);
});

test('a process that says nothing for too long is killed as hung', async () => {
  const job = extractJob(textsCsv({ rows: 50_000, classes: 2, seed: 1 }));
  await expect(run(job, undefined, 1)).rejects.toMatchObject({ code: 'hang' });
});
