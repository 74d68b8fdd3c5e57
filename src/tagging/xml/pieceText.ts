/** What is one unit or two of decoded text and several in the source (XML 1.0, 2.11, 4.1 and 4.6). */
const references = /&[^;]*;|\r\n/g;
const lineEnds = /\r\n/g;

/** Numbers of a run in `runs`. */
export const runSize = 4;

/**
 * Puts the text of a piece together, and keeps where each part of it stands in the source.
 *
 * The text is cut into runs, four numbers each: where the run begins in the text, in the local text, in
 * the source, and where it ends in the source. A run that is as long in the text as in the source is
 * copied unit by unit; any other is one thing, such as a reference, and all of it belongs to each of its
 * units. The local text is the text without the spaces that stand for children.
 */
export class PieceText {
  private readonly parts: string[] = [];
  private readonly numbers: number[] = [];
  private units = 0;
  private localUnits = 0;
  private sourceEnd = 0;
  private afterChild = false;

  /** Adds decoded text that stands in the source, as `raw`, from `from` on. */
  add(text: string, raw: string, from: number, isCdata = false): void {
    if (text === '') return;
    this.keepWordsApart(text, from);
    let at = 0;
    for (const { 0: atom, index } of raw.matchAll(isCdata ? lineEnds : references)) {
      this.addRun(index - at, from + at, index - at);
      this.addRun(unitsOf(atom), from + index, atom.length);
      at = index + atom.length;
    }
    this.addRun(raw.length - at, from + at, raw.length - at);
    this.parts.push(text);
  }

  /** A child element stands here. */
  addChild(): void {
    this.afterChild = true;
  }

  /** @returns undefined when there is nothing but white space. */
  finish(): { text: string; runs: Int32Array } | undefined {
    const text = this.parts.join('');
    return /\S/.test(text) ? { text, runs: Int32Array.from(this.numbers) } : undefined;
  }

  /** Words before and after a child are two words: if nothing else parts them, a space does. */
  private keepWordsApart(next: string, from: number): void {
    const last = this.parts.at(-1)?.at(-1);
    if (this.afterChild && last !== undefined && /\S/.test(last) && /\S/.test(next[0]!)) {
      const local = this.localUnits;
      this.addRun(1, this.sourceEnd, from - this.sourceEnd);
      this.localUnits = local;
      this.parts.push(' ');
    }
    this.afterChild = false;
  }

  private addRun(units: number, from: number, sourceUnits: number): void {
    if (units === 0) return;
    this.sourceEnd = from + sourceUnits;
    this.numbers.push(this.units, this.localUnits, from, this.sourceEnd);
    this.units += units;
    this.localUnits += units;
  }
}

/** UTF-16 units that a reference or a line end is decoded to. */
function unitsOf(atom: string): number {
  if (!atom.startsWith('&#')) return 1;
  const hex = atom[2] === 'x';
  return parseInt(atom.slice(hex ? 3 : 2), hex ? 16 : 10) > 0xffff ? 2 : 1;
}
