/** What is kept of a line over the limit. */
const startCharacters = 1024;

/** Takes one line without its line break; `end` is the break: LF, CRLF, CR, or nothing at the end of a file. */
export type TakeLine = (text: string, end: string, tooLong: boolean) => void;

/** Cuts text that comes in chunks into lines, whichever way they end. Of a line over `limit` bytes the start is given. */
export class LineSplitter {
  /** Lines given. */
  lines = 0;
  private rest = '';
  private restLength = 0;
  /** A CR at the end of a chunk may be half of a CRLF. */
  private heldCr = false;

  constructor(
    private readonly limit: number,
    private readonly take: TakeLine,
  ) {}

  write(text: string): void {
    const whole = this.heldCr ? `\r${text}` : text;
    this.heldCr = whole.endsWith('\r');
    const chunk = this.heldCr ? whole.slice(0, -1) : whole;
    let start = 0;
    let lf = chunk.indexOf('\n');
    let cr = chunk.indexOf('\r');
    while (lf !== -1 || cr !== -1) {
      const at = cr !== -1 && (lf === -1 || cr < lf) ? cr : lf;
      const end = at === lf ? '\n' : lf === cr + 1 ? '\r\n' : '\r';
      this.finish(chunk.slice(start, at), end);
      start = at + end.length;
      if (lf !== -1 && lf < start) lf = chunk.indexOf('\n', start);
      if (cr !== -1 && cr < start) cr = chunk.indexOf('\r', start);
    }
    this.hold(chunk.slice(start));
  }

  end(): void {
    if (this.heldCr) this.finish('', '\r');
    else if (this.restLength > 0) this.finish('', '');
  }

  private hold(text: string): void {
    this.restLength += text.length;
    if (this.restLength <= this.limit) this.rest += text;
    else if (this.rest.length < startCharacters) this.rest += text.slice(0, startCharacters);
  }

  private finish(last: string, end: string): void {
    this.lines++;
    if (this.restLength === 0) {
      this.give(last, last.length, end);
      return;
    }
    this.hold(last);
    this.give(this.rest, this.restLength, end);
    this.rest = '';
    this.restLength = 0;
  }

  private give(text: string, length: number, end: string): void {
    // At most three bytes a UTF-16 unit: only long lines need to be measured.
    const tooLong =
      length > this.limit || (length * 3 > this.limit && Buffer.byteLength(text) > this.limit);
    this.take(tooLong ? text.slice(0, startCharacters) : text, end, tooLong);
  }
}
