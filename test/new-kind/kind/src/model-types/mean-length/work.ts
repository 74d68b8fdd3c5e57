import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDataset } from '../../data/datasetReader';
import { extractFiles } from '../../rows/extractFiles';
import { columnReaders, readRows } from '../../rows/readRows';
import type { StageFunction } from '../contract/stageType';
import { nearest, type Mean } from './nearest';
import type { MeanLengthOptions } from './options';

type Work = StageFunction<MeanLengthOptions>;

export const extract: Work = async (context, { text_column, label_column }) => {
  const labels = new Set<string>();
  const columns = [text_column, label_column].map((name) => ({
    name,
    what: 'a text',
    list: false,
  }));
  await extractFiles(context, {
    unit: 'rows',
    columns: ['text', 'label'],
    maxBadRows: 0,
    version: 1,
    read: (files, target, tally) =>
      readRows(
        files,
        {
          modelType: 'mean-length',
          columns,
          ...{ delimiter: null, quote: null, escape: null, charset: null },
          readers: columnReaders,
          otherFiles: '',
        },
        tally,
        context,
        (file, counts) => (cells) => {
          target[file.part]!.append(cells as string[]);
          labels.add(cells[1] as string);
          tally.good(counts);
        },
      ),
  });
  write(join(context.outputs, 'labels.json'), [...labels].sort());
};

export const measure: Work = (context) => {
  const label = read(join(context.inputs, 'item.json')) as string;
  const lengths = rowsIn(context.inputs)
    .filter((row) => row.label === label)
    .map(({ text }) => text.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  write(join(context.outputs, 'mean.json'), { label, mean });
  return Promise.resolve();
};

export const train: Work = async (context, options) => {
  const base = join(context.inputs, 'base', 'means.json');
  const known = existsSync(base) ? (read(base) as { means: Mean[] }).means : [];
  const folders = readdirSync(join(context.inputs, 'means')).sort((a, b) => Number(a) - Number(b));
  const found = folders.map(
    (folder) => read(join(context.inputs, 'means', folder, 'mean.json')) as Mean,
  );
  const steps = 10;
  for (let step = (context.resume?.step ?? 0) + 1; step <= steps; step++) {
    context.signal.throwIfAborted();
    await pause(options.train_ms / steps);
    context.progress({ done: step, total: steps, unit: 'steps' });
    context.metric('steps', step, step);
    await context.checkpoint(step, [Buffer.from(String(step))]);
  }
  const own = new Set(found.map(({ label }) => label));
  const means = [...found, ...known.filter(({ label }) => !own.has(label))];
  const { rowHash } = read(join(context.inputs, 'extract', 'train', 'dataset.json')) as {
    rowHash: string;
  };
  mkdirSync(join(context.outputs, 'model'));
  write(join(context.outputs, 'model', 'means.json'), { rows: rowHash, means });
};

export const evaluate: Work = (context) => {
  const { means } = read(join(context.inputs, 'train', 'model', 'means.json')) as {
    means: Mean[];
  };
  const rows = rowsIn(context.inputs);
  const right = rows.filter(({ text, label }) => nearest(means, text).label === label).length;
  const worst = rows.find(({ text, label }) => nearest(means, text).label !== label)?.text ?? null;
  write(join(context.outputs, 'evaluation.json'), { accuracy: right / rows.length, worst });
  return Promise.resolve();
};

function rowsIn(inputs: string): { text: string; label: string }[] {
  const dataset = openDataset(join(inputs, 'extract', 'train'));
  try {
    return Array.from({ length: dataset.rows }, (_, row) => ({
      text: dataset.get('text', row),
      label: dataset.get('label', row),
    }));
  } finally {
    dataset.close();
  }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function write(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}
