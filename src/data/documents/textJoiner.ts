/** What lies between two pieces of text, from little to much. */
const gaps = ['', ' ', '\n', '\n\n'] as const;

/** Where a layout sets things apart: two cells, two lines, two paragraphs. */
export type Gap = 'space' | 'line' | 'paragraph';

const sizes: Record<Gap, number> = { space: 1, line: 2, paragraph: 3 };

/**
 * Puts together the text of a document whose layout is not text: whatever a reader sees as set apart
 * is set apart by white space, once, and nothing else is.
 */
export class TextJoiner {
  private readonly pieces: string[] = [];
  private gap = 0;
  /** Characters so far. */
  length = 0;

  /** @param text with its own inner white space, which stays as it is */
  add(text: string): void {
    if (text === '') return;
    const between = this.length === 0 ? '' : gaps[this.gap]!;
    this.gap = 0;
    this.pieces.push(between, text);
    this.length += between.length + text.length;
  }

  /** As HTML reads its source: white space of any length is one space, and none beside a gap. */
  addCollapsed(text: string): void {
    const words = text.replace(/[ \t\n\r\f]+/g, ' ');
    if (words.startsWith(' ')) this.separate('space');
    this.add(words.trim() === '' ? '' : words.replace(/^ | $/g, ''));
    if (words.endsWith(' ')) this.separate('space');
  }

  /** The larger of several gaps in a row counts. */
  separate(gap: Gap): void {
    this.gap = Math.max(this.gap, sizes[gap]);
  }

  toString(): string {
    return this.pieces.join('');
  }
}
