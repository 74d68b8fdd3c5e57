/**
 * Line numbers of rows. csv-parse counts a CRLF inside quotes as two lines; here it is one, as in
 * an editor.
 */
export class LineCounter {
  private doubled = 0;
  private end = 0;

  /** Takes note of a whole record and of the line where csv-parse thinks that it ended. */
  recordEnded(cells: readonly string[], parserLine: number): void {
    for (const cell of cells) {
      for (let at = cell.indexOf('\r\n'); at !== -1; at = cell.indexOf('\r\n', at + 2)) {
        this.doubled++;
      }
    }
    this.end = parserLine - this.doubled;
  }

  /** The line on which the record after the last one starts, blank lines aside. */
  get next(): number {
    return this.end + 1;
  }

  /** A line number of csv-parse within the record that is being read. */
  corrected(parserLine: number): number {
    return parserLine - this.doubled;
  }

  /** The first line of the record that ended last. */
  startOf(cells: readonly string[]): number {
    let breaks = 0;
    for (const cell of cells) breaks += cell.match(/\r\n|\n|\r/g)?.length ?? 0;
    return this.end - breaks;
  }
}
