import { isClutter } from '../files/clutter';

/** What `POST /train/verify-doc-dir` answers. */
export interface DocumentFolderVerdict {
  is_valid: boolean;
  /** Why it is not valid, or that it is. */
  msg: string;
  /** The files of each category that was found; has no prototype, so a category may have any name. */
  categories: Record<string, string[]>;
}

const fewestCategories = 2;
const fewestFiles = 10;

/**
 * Whether the names of a picked folder make a document classification data set: each
 * `root/category/file.pdf`, at least two categories and ten files in each. Training itself reads
 * more formats than PDF; this answers what v2 clients ask. Hidden files, which a training leaves out, count
 * for nothing here either.
 */
export function verifyDocumentFolder(filenames: readonly string[]): DocumentFolderVerdict {
  const categories = Object.create(null) as Record<string, string[]>;
  let wrong: string | undefined;
  for (const name of filenames.filter((name) => !isClutter(name))) {
    const parts = name.split('/');
    const [, category, file] = parts;
    if (parts.length !== 3 || parts.includes('')) {
      wrong ??= `"${name}" is not of the form root/category/file`;
    } else if (!file!.toLowerCase().endsWith('.pdf')) {
      wrong ??= `"${name}" is not a .pdf file; only those are accepted here`;
    } else {
      (categories[category!] ??= []).push(file!);
    }
  }
  const msg = wrong ?? tooFew(categories);
  return { is_valid: msg === undefined, msg: msg ?? 'the folder can be trained on', categories };
}

function tooFew(categories: Record<string, string[]>): string | undefined {
  const names = Object.keys(categories);
  if (names.length < fewestCategories) {
    return `there must be at least ${fewestCategories} categories, found ${names.length}`;
  }
  const small = names.find((name) => categories[name]!.length < fewestFiles);
  if (small === undefined) return undefined;
  return (
    `each category must have at least ${fewestFiles} files, ` +
    `"${small}" has ${categories[small]!.length}`
  );
}
