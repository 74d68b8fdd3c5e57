import { messageOf, TrainyardError } from '../errors';
import type { AllocationJob } from './protocol';
import type { StageFailure } from '../stage/stageContext';

/**
 * What became of a stage, for the person whose training it is: without the paths of the machine, which
 * stand in the stage's log with the rest. What the machine is to blame for is tried again.
 */
export function stageFailure(
  error: unknown,
  { stage, memoryMb }: Pick<AllocationJob, 'stage' | 'memoryMb'>,
): StageFailure {
  if (error instanceof TrainyardError) {
    return { kind: error.kind, code: error.code, message: error.message };
  }
  if (isOutOfMemory(error)) {
    return {
      kind: 'limit',
      code: 'out_of_memory',
      message: `the ${stage} stage needs more than its ${memoryMb} MB of memory: give a larger job_options.allocation_memory`,
    };
  }
  const fault = machineFault(error);
  if (fault)
    return { kind: 'infrastructure', ...fault, message: `the ${stage} stage ${fault.message}` };
  return {
    kind: 'bug',
    code: 'unexpected_error',
    message: `the ${stage} stage stopped on an unexpected error, of which its log has more: ${withoutPaths(error)}`,
  };
}

/**
 * Beyond the limit, and before the kernel steps in, typed arrays fail with a RangeError, and ONNX Runtime
 * in its own words, in a thread of ours too.
 */
function isOutOfMemory(error: unknown): boolean {
  const text = messageOf(error);
  if (/Failed to allocate memory for requested buffer|std::bad_alloc/.test(text)) return true;
  return error instanceof RangeError && /allocation failed|Invalid array buffer length/i.test(text);
}

const full = 'found no space left on the disk of its worker, which keeps scratch files there';
const files = 'found too many files open on its worker';
/** System errors that say nothing of the data, the options or the code. */
const machineFaults: Record<string, { code: string; message: string }> = {
  ENOSPC: { code: 'scratch_full', message: full },
  EDQUOT: { code: 'scratch_full', message: full },
  EIO: { code: 'scratch_unusable', message: 'could not read or write the disk of its worker' },
  EMFILE: { code: 'too_many_open_files', message: files },
  ENFILE: { code: 'too_many_open_files', message: files },
};

/** The fault of the machine that an error, or what caused it, speaks of. */
export function machineFault(error: unknown): { code: string; message: string } | undefined {
  for (let at = error; at; at = (at as { cause?: unknown }).cause) {
    const { code } = at as { code?: string };
    const fault = code === undefined ? undefined : machineFaults[code];
    if (fault) return { ...fault, message: `${fault.message} (${code})` };
  }
  return undefined;
}

/** Quoted paths, which may hold spaces, and others that start at the root or at a drive. */
const paths =
  /(['"`])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/].*?\1|(?<![\w.)\]])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/][^\s'"`,;()]+/g;

/** The first line of an error with "…" for each path in it. */
function withoutPaths(error: unknown): string {
  const { path, dest } = Object(error) as { path?: unknown; dest?: unknown };
  let [text = ''] = messageOf(error).split('\n');
  for (const known of [path, dest]) {
    if (typeof known === 'string' && known !== '') text = text.replaceAll(known, '…');
  }
  return text.replace(paths, '…');
}
