import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { datasetRoot } from '../accuracy/datasets';
import { everyPiiText, piiByTemplate } from './piiTexts';
import { rowOfTags, type TaggedRow, type TaggedSet } from './taggedRow';

/** Each set's split is the one that its README suggests. */
const readers: Record<string, () => TaggedSet> = {
  conll2003: () => ({
    train: readColumns('conll2003/eng.train.gz', ' '),
    test: readColumns('conll2003/eng.testb.gz', ' '),
  }),
  wnut17: () => ({
    train: readColumns('wnut17/wnut17train.conll', '\t'),
    test: readColumns('wnut17/emerging.test.annotated', '\t'),
  }),
  ronec_v2_ro: () => ({
    train: readRonec('ronec_v2_ro/test.json.gz'),
    test: readRonec('ronec_v2_ro/valid.json.gz'),
  }),
  pii: () => piiByTemplate(readPii()),
  // For systems that are not trained.
  'pii, all texts': () => everyPiiText(readPii()),
};

/** Every set of the bench. */
export const setNames = Object.keys(readers);

/** Reads a set by name. Throws with the known names for any other. */
export function readTaggedSet(name: string): TaggedSet {
  const reader = readers[name];
  if (!reader) throw new Error(`unknown set ${name}: one of ${setNames.join(', ')}`);
  return reader();
}

function readFile(name: string): string {
  const bytes = readFileSync(join(datasetRoot, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** A word and its tag a line, first and last of the columns; an empty line after each sentence. */
function readColumns(name: string, separator: string): TaggedRow[] {
  const rows: TaggedRow[] = [];
  let lines: string[][] = [];
  for (const line of [...readFile(name).split(/\r?\n/), '']) {
    const columns = line.split(separator);
    if (line.trim() !== '' && columns[0] !== '-DOCSTART-') lines.push(columns);
    else if (lines.length > 0) {
      rows.push(rowOfColumns(lines));
      lines = [];
    }
  }
  return rows;
}

function rowOfColumns(lines: string[][]): TaggedRow {
  return rowOfTags(
    lines.map((columns) => columns[0]!),
    lines.map((columns) => columns.at(-1)!.trim()),
  );
}

function readRonec(name: string): TaggedRow[] {
  const sentences = JSON.parse(readFile(name)) as { tokens: string[]; ner_tags: string[] }[];
  // A word that holds white space would be two.
  const whole = (word: string): string => word.replace(/\s+/g, '_');
  return sentences.map(({ tokens, ner_tags }) => rowOfTags(tokens.map(whole), ner_tags));
}

function readPii(): unknown {
  return JSON.parse(readFile('pii_presidio_synth/synth_dataset_v2.json.gz'));
}
