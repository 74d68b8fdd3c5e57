import type { StageContext } from '../stage/stageContext';
import { TrainyardError } from '../errors';
import { counted, wholeStart } from '../support/words';
import type { SourceFile } from '../data/files/sourceFile';
import { type FindingGroup, Findings, placeName, placesList } from './findings';

/** How many cases of one kind are shown one by one; the rest are a number. */
const shown = 10;
/** Places that a warning names of each reason; the report has more. */
const placesShown = 3;

/** What became of one source file. */
export interface FileTally {
  name: string;
  part: 'train' | 'test';
  sha256: string;
  /** Rows or documents taken. */
  rows: number;
  badRows: number;
  /** Without anything in them, or with delimiters only. Always 0 for documents, as what follows. */
  blankRows: number;
  /** What is no row: the header, what stands above it, a repeated header. */
  otherRows: number;
  /** Lines of the file. All of them are in rows of one of these four kinds. */
  lines: number;
  /** Rows taken that hold U+FFFD, which stands for a character that was lost. */
  replacedRows: number;
  /** Null for documents that carry their own, such as PDF. */
  charset: string | null;
}

/** A row, or a whole document (`line` null), that was skipped. */
export interface BadRowExample {
  file: string;
  line: number | null;
  reason: string;
}

/** Completes "1 …" and "12 …" for the cases that are not shown one by one. */
export interface Others {
  one: string;
  many: string;
}

/** How a warning speaks of the places that have one reason: `12 documents were skipped`. */
export interface GroupWords {
  one: string;
  many: string;
}

/**
 * Counts rows and bad rows over all files. What `warn` is given is shown one by one, the first few of
 * each kind; what `note` and `bad` are given is grouped by its reason and told once, at the end.
 */
export class RowTally {
  readonly files: FileTally[] = [];
  readonly badRowExamples: BadRowExample[] = [];
  badRows = 0;
  rows = 0;
  private readonly found = new Findings();
  private readonly words = new Map<string, GroupWords>();
  private readonly warned = new Map<string, { count: number; others: Others }>();

  constructor(
    private readonly context: StageContext,
    private readonly unit: 'rows' | 'documents',
  ) {}

  startFile(file: SourceFile): FileTally {
    const { name, part, sha256 } = file;
    const counts = { rows: 0, badRows: 0, blankRows: 0, otherRows: 0, lines: 0, replacedRows: 0 };
    const tally: FileTally = { name, part, sha256, ...counts, charset: null };
    this.files.push(tally);
    return tally;
  }

  /** A count over all files. */
  sum(count: 'blankRows' | 'otherRows' | 'lines' | 'replacedRows'): number {
    return this.files.reduce((sum, file) => sum + file[count], 0);
  }

  good(file: FileTally): void {
    file.rows++;
    this.rows++;
  }

  bad(file: FileTally, line: number | null, reason: string): void {
    file.badRows++;
    this.badRows++;
    const example = { file: file.name, line, reason: wholeStart(reason, 300) };
    if (this.badRowExamples.length < shown) this.badRowExamples.push(example);
    const unit = { one: this.unit.slice(0, -1), many: this.unit };
    const words = { one: `${unit.one} was skipped`, many: `${unit.many} were skipped` };
    this.note('bad_row', reason, file, line, words);
  }

  /**
   * Notes something about a row, or about a whole file (`line` null). Everything of one code and reason
   * becomes one warning, `<count> <words>: <reason> (<places>)`, and the report lists all places.
   */
  note(
    code: string,
    reason: string,
    { name }: Pick<FileTally, 'name'>,
    line: number | null,
    words: GroupWords,
  ): void {
    this.words.set(code, words);
    this.found.add(code, reason, { file: name, line });
  }

  /** What was noted, grouped by reason. */
  findings(): FindingGroup[] {
    return this.found.groups();
  }

  /** Warns; of each code ten times at most. `others` says what the rest are. */
  warn(code: string, message: string, others: Others): void {
    const entry = this.warned.get(code) ?? { count: 0, others };
    this.warned.set(code, entry);
    if (++entry.count <= shown) this.context.warn({ code, message });
  }

  /** Ends the counting: warns of what was not shown, and fails when too much was bad or nothing is left. */
  close(maxBadRows: number | null, mayBeEmpty = false): void {
    this.warnOfFindings();
    for (const [code, { count, others }] of this.warned) {
      if (count <= shown) continue;
      this.context.warn({ code, message: counted(count - shown, others.one, others.many) });
    }
    if (!mayBeEmpty && !this.files.some((file) => file.part === 'train' && file.rows > 0)) {
      throw this.noRows('train');
    }
    const tests = this.files.filter((file) => file.part === 'test');
    if (tests.length > 0 && !tests.some((file) => file.rows > 0)) throw this.noRows('test');
    const all = this.rows + this.badRows;
    const allowed = maxBadRows ?? Math.max(10, Math.floor(all / 100));
    if (this.badRows > allowed) throw this.tooManyBad(allowed, all);
  }

  private warnOfFindings(): void {
    const groups = this.findings();
    for (const [code, words] of this.words) {
      const own = groups.filter((group) => group.code === code);
      for (const group of own.slice(0, shown)) {
        const message = `${counted(group.count, words.one, words.many)}: ${group.reason} (${placesList(group, placesShown)})`;
        this.context.warn({ code, message });
      }
      const rest = own.slice(shown);
      if (rest.length === 0) continue;
      const count = rest.reduce((sum, group) => sum + group.count, 0);
      const message = `${counted(count, `more ${words.one}`, `more ${words.many}`)}; the report has the reasons`;
      this.context.warn({ code, message });
    }
  }

  private tooManyBad(allowed: number, all: number): TrainyardError {
    return new TrainyardError(
      'data',
      'too_many_bad_rows',
      `${this.badRows} of ${all} ${this.unit} cannot be used and ${allowed} are allowed ` +
        `(max_bad_rows). ${this.examples()} Correct them, or raise max_bad_rows.`,
    );
  }

  private noRows(part: 'train' | 'test'): TrainyardError {
    const names = this.files.filter((file) => file.part === part).map((file) => file.name);
    const files = names.length === 0 ? `no ${part}ing files were given` : listed(names);
    const why =
      this.badRows > 0 ? ` ${this.examples()}` : ` Give files with rows: ${whereRowsStand(names)}.`;
    return new TrainyardError(
      'data',
      'no_rows',
      names.length === 0
        ? `there is nothing to ${part} on: ${files}.`
        : `no ${this.unit} to ${part} on in ${files}.${this.unit === 'rows' || this.badRows > 0 ? why : ''}`,
    );
  }

  private examples(): string {
    const list = this.badRowExamples.map((row) => `${placeName(row)}: ${row.reason}`).join('; ');
    return this.badRows > shown ? `The first ${shown}: ${list}.` : `They are: ${list}.`;
  }
}

/** Where the readers look for rows, in files of these names. */
function whereRowsStand(names: readonly string[]): string {
  const jsonl = names.filter((name) => /\.jsonl$/i.test(name)).length;
  const places = [
    ...(jsonl < names.length ? ['below the header in .csv'] : []),
    ...(jsonl > 0 ? ['an object a line in .jsonl'] : []),
  ];
  return places.join(', ');
}

function listed(names: readonly string[]): string {
  const some = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${some} and ${names.length - 5} more files` : some;
}
