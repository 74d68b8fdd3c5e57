import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTaggedSet } from './taggedSets';
import type { TaggedPlace } from './taggedRow';

/** Files that a system reads, and the one that it writes. */
export interface SetFiles {
  /** TaggedRows, one JSON line each. */
  train: string;
  test: string;
  /** The spans that were found in each text of the test part, one JSON line each. */
  answers: string;
}

const scratch = join('.trainyard', 'bench', 'tagging');

/** Writes the parts of a set for the systems. */
export function writeSet(name: string): Omit<SetFiles, 'answers'> {
  mkdirSync(scratch, { recursive: true });
  const file = (part: string): string => join(scratch, `${name}.${part}.jsonl`);
  const files = { train: file('train'), test: file('test') };
  const set = readTaggedSet(name);
  for (const part of ['train', 'test'] as const) {
    writeFileSync(files[part], set[part].map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return files;
}

/** Where a system writes what it found. */
export function answersFile(set: string, system: string): string {
  return join(scratch, `${set}, ${system}.answers.jsonl`);
}

/** Where the model that a system trained on a set stays, for who wants to look at it. */
export function modelFolder(set: string, system: string): string {
  return join(scratch, 'models', `${set}, ${system}`);
}

/** One value for each line. */
export function readLines<Value>(path: string): Value[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Value);
}

export function writeAnswers(path: string, answers: readonly TaggedPlace[][]): void {
  writeFileSync(path, answers.map((spans) => `${JSON.stringify(spans)}\n`).join(''));
}
