import { TrainyardError } from '../../errors';

const longestName = 1024;
const longestPart = 255;

/**
 * The name under which a file of an upload is known: `/`-separated, folders kept, `./` and doubled
 * slashes left out, below `subDir` when one is given. What tries to lead out of the upload (`..`, an
 * absolute path, a drive letter, a backslash) or cannot be shown (control characters) is refused
 * with 422: the sender meant something else than to send a file here.
 */
export function uploadName(filename: string, subDir?: string): string {
  const problem = problemWith(filename);
  if (problem) throw unsafeName(filename, problem);
  return [...(subDir ? [subDir] : []), ...keptParts(filename)].join('/');
}

function keptParts(filename: string): string[] {
  return filename.split('/').filter((part) => part !== '' && part !== '.');
}

function problemWith(filename: string): string | undefined {
  if (filename.length > longestName) return `it is longer than ${String(longestName)} characters`;
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(filename)) return 'it contains control characters';
  if (filename.includes('\\')) return 'it contains a backslash; separate folders by "/"';
  // Behind `./` a drive would come to stand first.
  const hasDrive = /^[A-Za-z]:/.test(keptParts(filename)[0] ?? '');
  if (filename.startsWith('/') || hasDrive) return 'it is an absolute path';
  const parts = filename.split('/');
  if (parts.includes('..')) return 'it contains ".."';
  if (['', '.'].includes(parts.at(-1)!)) return 'it names a folder';
  if (parts.some((part) => Buffer.byteLength(part) > longestPart)) {
    return `a part of it is longer than ${String(longestPart)} bytes`;
  }
  return undefined;
}

function unsafeName(filename: string, problem: string): TrainyardError {
  const shown = JSON.stringify(filename.slice(0, 200));
  return new TrainyardError(
    'data',
    'unsafe_file_name',
    `the file name ${shown} is not allowed: ${problem}. Send a relative path such as "folder/file.txt"; nothing of this upload was kept`,
  );
}

/** Checks the `sub_dir` of a request; absent and empty mean none. */
export function checkSubDir(subDir: string | undefined): string | undefined {
  if (!subDir) return undefined;
  if (/^\w{1,255}$/.test(subDir)) return subDir;
  throw new TrainyardError(
    'config',
    'invalid_sub_dir',
    `invalid sub_dir ${JSON.stringify(subDir.slice(0, 200))}: allowed are letters, digits and "_"`,
  );
}
