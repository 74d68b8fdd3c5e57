import { TrainyardError } from '../../errors';

/** Warnings of one upload that are written out. */
const mostWarnings = 10;

/**
 * The names of one upload as they come. One that comes twice is refused: whoever sends it means two
 * files, or one file once, and keeping either would lose or double rows without a word.
 */
export class ReceivedNames {
  private readonly names = new Set<string>();
  /** Of each folder and file, by its parent and what it looks like: how it was written first. */
  private readonly spellings = new Map<string, string>();
  private readonly alike: string[] = [];
  private alikeCount = 0;

  /** @throws TrainyardError `duplicate_file_name` */
  add(name: string): void {
    if (this.names.has(name)) throw duplicate(name);
    this.names.add(name);
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      this.compare('folders', name.slice(0, end));
    }
    this.compare('files', name);
  }

  /** Names that look the same to people and are not, a line each. */
  warnings(): string[] {
    const more = this.alikeCount - this.alike.length;
    return more > 0 ? [...this.alike, `and ${String(more)} more such names`] : this.alike;
  }

  private compare(what: string, path: string): void {
    const start = path.lastIndexOf('/') + 1;
    const key = `${what} ${path.slice(0, start)}${path.slice(start).normalize('NFC').toLowerCase()}`;
    const first = this.spellings.get(key) ?? path;
    this.spellings.set(key, first);
    if (first === path || this.spellings.has(`${what} seen ${path}`)) return;
    this.spellings.set(`${what} seen ${path}`, path);
    this.alikeCount++;
    if (this.alike.length < mostWarnings) this.alike.push(warning(what, first, path));
  }
}

function warning(what: string, one: string, other: string): string {
  const sameLetters = one.normalize('NFC') === other.normalize('NFC');
  const how = sameLetters
    ? 'in how their accented letters are written (Unicode normalization)'
    : 'in upper and lower case';
  const shown = sameLetters ? [escaped(one), escaped(other)] : [one, other].map(quoted);
  return `the ${what} ${shown.join(' and ')} differ only ${how}: both were kept`;
}

/** Makes differences visible that fonts hide. */
function escaped(name: string): string {
  return quoted(name).replace(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

function duplicate(name: string): TrainyardError {
  return new TrainyardError(
    'data',
    'duplicate_file_name',
    `two files of this upload are named ${quoted(name)}, and only one can be: give each a name or a folder of its own, such as -F 'files=@b.csv;filename=february/train.csv', or send them as two uploads; nothing of this upload was kept`,
  );
}
