/** Folders that systems and programs keep for themselves, in lower case; names with a dot in front are hidden anyway. */
const systemFolders = new Set([
  '__macosx',
  '__pycache__',
  '$recycle.bin',
  'system volume information',
  '@eadir',
]);

const systemFiles = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r']);

/** Lock files of office programs, copies that editors keep, and downloads that are not complete. */
const temporaryFile = /^~\$|~$|\.(crdownload|part|partial|download|tmp|temp|swp)$/;

/**
 * Whether a file is nothing that a person put there: hidden, or in a hidden folder, or left by a
 * system or program. Judged by the path alone.
 *
 * @param path with `/` between its parts
 */
export function isClutter(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const file = parts.at(-1)!;
  if (systemFiles.has(file) || temporaryFile.test(file)) return true;
  return parts.some(isHidden) || parts.slice(0, -1).some((folder) => systemFolders.has(folder));
}

function isHidden(part: string): boolean {
  return part.startsWith('.') && part !== '.' && part !== '..';
}
