import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isClutter } from '../data/files/clutter';
import type { FileRange } from '../data/files/fileRange';
import type { SourceFile } from '../data/files/sourceFile';
import { TrainyardError } from '../errors';
import type { StageContext } from '../stage/stageContext';
import { counted } from '../support/words';
import type { RowTally } from './rowTally';

/** A source file with its absolute place. */
export type LocatedFile = SourceFile & FileRange;

/**
 * The files that `files.json` lists, without those that programs leave behind, which are told.
 * @throws TrainyardError `no_files` where nothing is left to train on
 */
export async function locateFiles(
  context: StageContext,
  tally: RowTally,
  mayBeEmpty: boolean,
): Promise<LocatedFile[]> {
  const listed = JSON.parse(
    await readFile(join(context.inputs, 'files.json'), 'utf8'),
  ) as SourceFile[];
  const files = listed.filter((file) => !isClutter(file.name));
  for (const file of listed) {
    if (isClutter(file.name)) tally.note('ignored_files', clutterReason, file, null, clutterWords);
  }
  if (!mayBeEmpty && !files.some((file) => file.part === 'train')) {
    const hidden = listed.filter((file) => file.part === 'train').length;
    throw new TrainyardError(
      'data',
      'no_files',
      hidden === 0
        ? 'there is nothing to train on: the training locations hold no files'
        : `there is nothing to train on: ${counted(hidden, 'the file there is', 'files there are all')} hidden or temporary, such as ${listed[0]!.name}. Names that start with a dot and what programs leave behind are passed over; give files and folders other names.`,
    );
  }
  return files.map((file) => ({ ...file, path: join(context.inputs, file.path) }));
}

const clutterReason = 'hidden files and what programs leave behind are not read';
const clutterWords = { one: 'file was left out', many: 'files were left out' };
