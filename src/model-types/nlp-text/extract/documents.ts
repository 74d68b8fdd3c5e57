import type { StageContext } from '../../../stage/stageContext';
import { DocumentPool } from '../../../data/documents/documentPool';
import { documentLimits, type DocumentText } from '../../../data/documents/documentText';
import { canonicalName } from '../../../data/names';
import { messageOf, TrainyardError } from '../../../errors';
import { cutText, documentCharacters, documentWords } from './cutText';
import type { ExtractTarget } from '../../../rows/extractFiles';
import type { LocatedFile } from '../../../rows/locateFiles';
import type { RowTally } from '../../../rows/rowTally';
import { fitsInCell, unfitForCell } from '../../../classification/labelCell';

type Outcome = DocumentText | TrainyardError;

/**
 * One row per document: its text, cut to `documentWords` words, and as label the folder right above
 * it. A document that cannot be read, or whose class no label can be, is a bad one; a document in no folder ends the stage.
 */
export async function readDocuments(
  files: readonly LocatedFile[],
  target: ExtractTarget,
  tally: RowTally,
  context: StageContext,
): Promise<void> {
  context.signal.throwIfAborted();
  const labels = files.map((file) => classOf(file.name));
  const pool = new DocumentPool({ lanes: lanesFor(context) });
  const stop = (): void => void pool.close();
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    let done = 0;
    for await (const outcome of inOrder(files, (file) => readOne(pool, file), 4 * context.cores)) {
      const file = files[done]!;
      take(outcome, file, labels[done]!, target, tally);
      context.progress({ done: ++done, total: files.length, unit: 'files', detail: file.name });
    }
  } catch (error) {
    // A stopped pool rejects what it was reading: the reason is the signal's.
    context.signal.throwIfAborted();
    throw error;
  } finally {
    context.signal.removeEventListener('abort', stop);
    await pool.close();
  }
}

/** The name of the folder right above a file: `mail/spam/1.eml` → `spam`. */
export function classOf(name: string): string {
  const label = canonicalName(name.split('/').at(-2) ?? '');
  if (label) return label;
  throw new TrainyardError(
    'data',
    'no_class_folder',
    `${name} lies in no folder, and the folder names the class: upload it as <class>/${name}, or ` +
      'with the query parameter sub_dir=<class>.',
  );
}

function take(
  outcome: Outcome,
  file: LocatedFile,
  label: string,
  target: ExtractTarget,
  tally: RowTally,
): void {
  const fileTally = tally.startFile(file);
  if (outcome instanceof TrainyardError) {
    tally.bad(fileTally, null, outcome.message);
    return;
  }
  if (!fitsInCell(label)) {
    tally.bad(fileTally, null, `its folder's name, which is its class, ${unfitForCell}`);
    return;
  }
  fileTally.charset = outcome.charset;
  for (const warning of outcome.warnings) {
    tally.note('document', warning, fileTally, null, { one: 'document', many: 'documents' });
  }
  const { text, wasCut } = cutText(outcome.text);
  if (wasCut) {
    const reason = `longer than ${documentWords} words or ${documentCharacters} characters; the start was taken`;
    const words = { one: 'document was cut', many: 'documents were cut' };
    tally.note('document_cut', reason, fileTally, null, words);
  }
  target[file.part]!.append([text, label]);
  tally.good(fileTally);
}

async function readOne(pool: DocumentPool, file: LocatedFile): Promise<Outcome> {
  try {
    return await pool.read(file);
  } catch (error) {
    if (error instanceof TrainyardError && error.kind !== 'infrastructure') return error;
    throw error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** Starts at most `ahead` of them before the first is done; gives results in the order of `items`. */
async function* inOrder<Item, Result>(
  items: readonly Item[],
  start: (item: Item) => Promise<Result>,
  ahead: number,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  for (let next = 0; next < items.length || running.length > 0;) {
    while (next < items.length && running.length < ahead) {
      const result = start(items[next++]!);
      // Looked at in its turn below; until then its failure is not unhandled.
      result.catch(() => undefined);
      running.push(result);
    }
    yield await running.shift()!;
  }
}

/** MiB of memory for the stage itself, beside the documents. */
const stageMb = 150;

/**
 * Documents read at a time: as many as could each take all that one may. What a document may take is fixed, so
 * that the same documents become rows whatever the allocation.
 */
function lanesFor({ cores, memoryMb }: StageContext): number {
  const fit = Math.floor((memoryMb - stageMb) / documentLimits.memoryMb);
  if (fit >= 1) return Math.min(cores, 4, fit);
  throw new TrainyardError(
    'limit',
    'allocation_too_small',
    `reading documents takes up to ${stageMb + documentLimits.memoryMb} MiB of memory and the allocation has ` +
      `${memoryMb}: give a job_options.allocation_memory of ${stageMb + documentLimits.memoryMb} or more, ` +
      'on a worker that has as much',
  );
}
