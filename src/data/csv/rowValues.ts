const mostValues = 2000;
const longest = 60;

/** The values of one column, as long as they are few and short. */
class ColumnValues {
  private readonly values = new Set<string>();
  private rows = 0;
  private longOnes = 0;

  add(value: string): void {
    this.rows++;
    if (value.length > longest) this.longOnes++;
    else if (this.values.size <= mostValues && !this.values.has(value)) {
      // A copy: a part of a chunk would keep all of it in memory.
      this.values.add(Buffer.from(value).toString());
    }
  }

  /** Whether all of these occur elsewhere; undefined for a column whose values hardly occur twice. */
  knows(values: readonly string[]): boolean | undefined {
    const times = new Map<string, number>();
    for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
    const unseen = [...times].filter(([value]) => !this.values.has(value));
    const different = this.values.size + this.longOnes + unseen.length;
    if (this.values.size > mostValues || different * 2 > this.rows + values.length) {
      return undefined;
    }
    return unseen.every(([, count]) => count > 1);
  }
}

/** Tells rows from prose with as many delimiters: by labels that stand in other rows, too. */
export class RowValues {
  private readonly columns: ColumnValues[];

  constructor(private readonly places: readonly number[]) {
    this.columns = places.map(() => new ColumnValues());
  }

  add(cells: readonly string[]): void {
    for (const [i, place] of this.places.entries()) this.columns[i]!.add(cells[place]!.trim());
  }

  /** Undefined when no column tells. */
  looksLikeRows(rows: readonly string[][]): boolean | undefined {
    const answers = this.columns.map((column, i) =>
      column.knows(rows.map((cells) => cells[this.places[i]!]!.trim())),
    );
    if (answers.includes(false)) return false;
    return answers.includes(true) ? true : undefined;
  }
}
