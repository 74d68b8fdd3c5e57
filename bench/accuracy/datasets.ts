import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** One text and its label; several labels stand joined by a comma (only in multi-label sets). */
export interface Row {
  text: string;
  label: string;
}

export interface TextSet {
  train: Row[];
  test: Row[];
}

/** Where the development data lies; each set's split is the one its README suggests. */
export const datasetRoot =
  process.env.TRAINYARD_DATASETS ?? join(process.cwd(), '../shared/datasets');

const readers: Record<string, () => TextSet> = {
  banking77: readBanking77,
  sms_spam: readSmsSpam,
  laroseda_ro: readLaroseda,
  sst2: readSst2,
  bbc_news: readBbcNews,
  goemotions: readGoEmotions,
};

/** The five single-label sets of the accuracy table, in its order. */
export const fiveSets = ['banking77', 'sms_spam', 'laroseda_ro', 'sst2', 'bbc_news'];

/** Reads a set by name. Throws with the known names for any other. */
export function readTextSet(name: string): TextSet {
  const reader = readers[name];
  if (!reader) throw new Error(`unknown set ${name}: one of ${Object.keys(readers).join(', ')}`);
  return reader();
}

function readFile(...parts: string[]): string {
  const path = join(datasetRoot, ...parts);
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function readBanking77(): TextSet {
  const read = (file: string): Row[] =>
    parse<{ text: string; category: string }>(readFile('banking77', file), { columns: true }).map(
      (row) => ({ text: row.text, label: row.category }),
    );
  return { train: read('train.csv'), test: read('test.csv') };
}

/** Quotes are literal; every fifth row, from the first, is test. */
function readSmsSpam(): TextSet {
  const set: TextSet = { train: [], test: [] };
  for (const [i, line] of lines(readFile('sms_spam', 'sms.tsv')).slice(1).entries()) {
    const tab = line.indexOf('\t');
    const row = { text: line.slice(tab + 1), label: line.slice(0, tab) };
    (i % 5 === 0 ? set.test : set.train).push(row);
  }
  return set;
}

interface Review {
  index: number | string;
  title: string;
  content: string;
}

function readLaroseda(): TextSet {
  const testIds = new Set(
    lines(readFile('laroseda_ro', 'test_index.txt')).map((line) => line.trim()),
  );
  const set: TextSet = { train: [], test: [] };
  for (const label of ['positive', 'negative']) {
    const file = readFile('laroseda_ro', `${label}_reviews.json.gz`);
    for (const review of (JSON.parse(file) as { reviews: Review[] }).reviews) {
      const row = { text: `${review.title} ${review.content}`, label };
      (testIds.has(String(review.index)) ? set.test : set.train).push(row);
    }
  }
  return set;
}

/** The test part has no labels, so the dev part stands in for it. */
function readSst2(): TextSet {
  const read = (file: string): Row[] =>
    lines(readFile('sst2', file))
      .slice(1)
      .map((line) => {
        const tab = line.lastIndexOf('\t');
        return { text: line.slice(0, tab), label: line.slice(tab + 1).trim() };
      });
  return { train: read('train.tsv.gz'), test: read('dev.tsv') };
}

/** A file number divisible by 5 is test; one file is Latin-1. */
function readBbcNews(): TextSet {
  const set: TextSet = { train: [], test: [] };
  for (const label of ['business', 'entertainment', 'politics', 'sport', 'tech']) {
    for (const file of readdirSync(join(datasetRoot, 'bbc_news', label)).sort()) {
      const bytes = readFileSync(join(datasetRoot, 'bbc_news', label, file));
      const utf8 = bytes.toString('utf8');
      const text = utf8.includes('\uFFFD') ? bytes.toString('latin1') : utf8;
      (Number.parseInt(file, 10) % 5 === 0 ? set.test : set.train).push({ text, label });
    }
  }
  return set;
}

function readGoEmotions(): TextSet {
  const names = lines(readFile('goemotions', 'labels.txt'));
  const read = (file: string): Row[] =>
    lines(readFile('goemotions', file)).map((line) => {
      const [text = '', ids = ''] = line.split('\t');
      return {
        text,
        label: ids
          .split(',')
          .map((id) => names[Number(id)]!)
          .join(','),
      };
    });
  return { train: read('train.tsv.gz'), test: read('test.tsv') };
}
