import { cutCells, cutInside, type Cut, type Dialect } from './cells';

/** One row as a file has it: usually a line, more where a cell in quotes holds line breaks. */
export interface CsvRecord {
  cells: string[];
  /** Its first line, from 1, and how many it has. */
  line: number;
  lines: number;
  /** Why it cannot be read at all. */
  problem?: string;
  /** The place of a cell whose quote was taken as a character, since it is closed nowhere or over rows. */
  literal?: number;
  /** It holds several lines that could be rows of their own. */
  suspicious?: boolean;
  /** Quotes inside quotes that are written as none, or with a backslash where that is not the escape. */
  unclear?: boolean;
  /** Quotes inside quotes are written with a backslash, which nobody had said. */
  backslash?: boolean;
}

export interface RecordOptions {
  dialect: Dialect;
  /** Whether rows that are only right with `\"` as a quote inside quotes are read so. */
  detectBackslash: boolean;
  /** Characters that may be looked at for the end of a quoted cell. */
  limit: number;
  onRecord(record: CsvRecord): void;
  /** Whether lines look like rows of this file, by values that stand in other rows; undefined: cannot be said. */
  looksLikeRows(rows: readonly string[][]): boolean | undefined;
}

interface Line {
  text: string;
  end: string;
  /** As a line of its own. */
  alone?: Cut;
  /** Loose quotes, when it starts inside quotes. */
  inside?: number;
}

/** Lines of a cell that are looked at. */
const looked = 200;
/** A row of more lines is never given up for its first line: each try would cost its whole length. */
const mostRetried = 1000;

/**
 * Puts lines together to records. A quote that is still open at the end of a line goes on in the next ones,
 * unless that is wrong: it is closed nowhere, another quote stands inside it where a row with quotes
 * begins, or all of its lines are rows. Then it is a character, or its line is bad, and the next line is read anew.
 */
export class RecordReader {
  dialect: Dialect;
  /** Cells of a row, once the header is known. */
  fields: number | undefined;
  private line = 1;
  /** Lines from the one on where a quote is open. */
  private open: Line[] = [];
  private openCharacters = 0;
  /** Index in `open` up to which lines are known to end inside quotes. */
  private scanned = 0;
  /** Index in `open` of the line that ends the record. */
  private end: number | undefined;
  private nextDialect: Dialect | undefined;

  constructor(private readonly options: RecordOptions) {
    this.dialect = options.dialect;
  }

  /** Whether the next line begins a record, as far as is known. */
  get isBetweenRecords(): boolean {
    return this.open.length === 0;
  }

  take(text: string, end: string): void {
    if (this.open.length === 0) {
      this.changeDialect();
      const cut = this.cut(text);
      if (cut.open === undefined) {
        this.give(cut, 1);
        return;
      }
      this.open.push({ text, end, alone: cut });
    } else {
      this.open.push({ text, end });
    }
    this.openCharacters += text.length + end.length;
    this.settle(false);
  }

  /** A line that is over the limit; nothing goes on over it. */
  takeUnreadable(problem: string): void {
    this.finish();
    this.options.onRecord({ cells: [], line: this.line, lines: 1, problem });
    this.line++;
  }

  /** Gives what is open. */
  finish(): void {
    this.settle(true);
  }

  /** Counts a line that is no record. */
  skipLine(): void {
    this.line++;
  }

  private settle(atEnd: boolean): void {
    let head = 0;
    while (head < this.open.length) {
      this.changeDialect();
      const cut = this.alone(head);
      if (cut.open === undefined) {
        this.give(cut, 1);
        this.drop(head++);
        continue;
      }
      const end = this.findEnd(head);
      if (end === undefined && !atEnd && this.openCharacters <= this.options.limit) break;
      const whole = end === undefined ? undefined : this.whole(head, end);
      if (whole) {
        this.give(whole, end! - head + 1, this.isSuspicious(head, end!));
        while (head <= end!) this.drop(head++);
      } else {
        this.give({ ...cut, open: undefined }, 1, false, cut.open);
        this.drop(head++);
      }
    }
    if (head === 0) return;
    this.open = this.open.slice(head);
    this.scanned = Math.max(0, this.scanned - head);
    this.end = this.end === undefined || this.end < head ? undefined : this.end - head;
  }

  /** Not at once: what is known of the open lines was found with the one before. Happens once a file at most. */
  private changeDialect(): void {
    if (!this.nextDialect) return;
    this.dialect = this.nextDialect;
    this.nextDialect = undefined;
    for (const line of this.open) delete line.alone;
    this.scanned = 0;
    this.end = undefined;
  }

  private drop(index: number): void {
    const { text, end } = this.open[index]!;
    this.openCharacters -= text.length + end.length;
  }

  /**
   * The line that ends a record whose quote is open at the end of line `head`. Every quote that is open at the
   * end of a line goes on alike, so each line is looked at once, however many of them open one.
   */
  private findEnd(head: number): number | undefined {
    if (this.end !== undefined && this.end > head) return this.end;
    this.end = undefined;
    for (let at = Math.max(this.scanned, head + 1); at < this.open.length; at++) {
      this.scanned = at + 1;
      const { open, loose } = cutInside(this.open[at]!.text, this.dialect);
      this.open[at]!.inside = loose;
      if (!open) return (this.end = at);
    }
    return undefined;
  }

  /** The record of these lines; undefined when its first line must be read alone. */
  private whole(head: number, end: number): Cut | undefined {
    if (this.fields !== undefined && this.areRows(head, end)) return undefined;
    const lines = this.open.slice(head, end + 1);
    const joined = lines.map(({ text, end }, i) => (i < lines.length - 1 ? text + end : text));
    const cut = this.cut(joined.join(''));
    if (this.fields === undefined || cut.cells.length === this.fields) return cut;
    if (lines.length > mostRetried) return cut;
    const rows = lines.filter((_, i) => i > 0 && this.isRow(head + i)).length;
    return rows * 2 >= lines.length - 1 ? undefined : cut;
  }

  /** Whether the lines that a quote runs over are certainly rows of their own. */
  private areRows(head: number, end: number): boolean {
    const last = Math.min(end, head + looked);
    for (let at = head + 1; at <= last; at++) {
      // Inside quotes this quote would be written twice.
      if (this.open[at]!.inside! > 0 && this.isRow(at) && this.alone(at).quoted > 0) return true;
    }
    if (!this.allLikeRows(head, end)) return false;
    if (this.dialect.delimiter === '\t') return true;
    return this.options.looksLikeRows(this.aloneRows(head, end)) === true;
  }

  private isSuspicious(head: number, end: number): boolean {
    return (
      this.fields !== undefined &&
      end - head >= 2 &&
      this.allLikeRows(head, end) &&
      this.options.looksLikeRows(this.aloneRows(head, end)) !== false
    );
  }

  private aloneRows(head: number, end: number): string[][] {
    const last = Math.min(end, head + looked);
    return this.open.slice(head, last + 1).map((_, i) => this.alone(head + i).cells);
  }

  /** Whether each line, read alone, has as many cells as the header. */
  private allLikeRows(head: number, end: number): boolean {
    const last = Math.min(end, head + looked);
    for (let at = head; at <= last; at++) {
      if (this.alone(at).cells.length !== this.fields) return false;
    }
    return true;
  }

  private isRow(at: number): boolean {
    const cut = this.alone(at);
    return cut.open === undefined && cut.loose === 0 && cut.cells.length === this.fields;
  }

  private alone(at: number): Cut & { backslash?: boolean } {
    const line = this.open[at]!;
    return (line.alone ??= this.cut(line.text));
  }

  private cut(text: string): Cut & { backslash?: boolean } {
    const cut = cutCells(text, this.dialect);
    return this.isFine(cut) ? cut : (this.withOtherEscape(text) ?? cut);
  }

  private isFine(cut: Cut): boolean {
    if (cut.open !== undefined || cut.loose > 0) return false;
    return this.fields === undefined || cut.cells.length === this.fields;
  }

  /** The cells with a backslash (or no longer with one) before quotes inside quotes, when only that makes a right row. */
  private withOtherEscape(text: string): (Cut & { backslash?: boolean }) | undefined {
    const { dialect } = this;
    if (!this.options.detectBackslash || dialect.quote === null) return undefined;
    if (!text.includes(`\\${dialect.quote}`)) return undefined;
    const escape = dialect.escape === '\\' ? dialect.quote : '\\';
    const cut = cutCells(text, { ...dialect, escape });
    if (!this.isFine(cut) || cut.quoted === 0 || this.fields === undefined) return undefined;
    // What one row needs is tried first for the rows after it, whose cells may have several lines.
    if (escape === '\\') this.nextDialect = { ...dialect, escape };
    return { ...cut, backslash: escape === '\\' };
  }

  private give(
    cut: Cut & { backslash?: boolean },
    lines: number,
    suspicious = false,
    literal?: number,
  ): void {
    const record: CsvRecord = { cells: cut.cells, line: this.line, lines };
    if (suspicious) record.suspicious = true;
    if (literal !== undefined) record.literal = literal;
    if (cut.loose > 0) record.unclear = true;
    if (cut.backslash) record.backslash = true;
    this.line += lines;
    this.options.onRecord(record);
  }
}
