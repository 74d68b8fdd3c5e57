/** Neighbouring tokens, `first` to before `end`, that have one tag. */
export interface TaggedTokens {
  first: number;
  end: number;
  tag: string;
}

type Prefix = 'B' | 'I' | 'E' | 'S';

/** Also those that other programs write: L(ast) for E, U(nit) and W(hole) for S, M(iddle) for I. */
const prefixes: Record<string, Prefix> = {
  ...{ B: 'B', I: 'I', E: 'E', S: 'S' },
  ...{ L: 'E', U: 'S', W: 'S', M: 'I' },
};

/**
 * Reads the tags of one file's tokens, sentence by sentence. A tag that is known is taken as it is, and its
 * neighbours with the same tag are one span. Any other in the form `B-PER` marks the tokens of a span: IOB1, IOB2 and
 * BIOES (IOBES, BILOU) are read alike, as what a prefix says is only needed where spans touch.
 * Places that break the file's own scheme are repaired as `conlleval` does, and counted.
 */
export class TagReader {
  /** Spans after a token outside or of another tag that begin with B, and with I (IOB1, or broken). */
  private begun = 0;
  private begunInside = 0;
  /** Lines of the first sentences of each. */
  private readonly begunAt: number[] = [];
  private readonly begunInsideAt: number[] = [];
  /** Spans of BIOES that go on after their end, or end without one. */
  private broken = 0;
  private readonly brokenAt: number[] = [];
  private hasEnds = false;

  /** @param known tags that stand for themselves; `defaultTag` marks what is outside */
  constructor(
    private readonly known: ReadonlySet<string>,
    private readonly defaultTag: string,
  ) {}

  read(tags: readonly string[], line: number): TaggedTokens[] {
    const spans: TaggedTokens[] = [];
    let open: TaggedTokens | undefined;
    let before: Prefix | 'plain' | undefined;
    tags.forEach((written, token) => {
      if (written === this.defaultTag || written === 'O') {
        if (before !== undefined) this.leave(before, line);
        open = before = undefined;
        return;
      }
      const { prefix, tag } = this.parse(written);
      const same = open?.tag === tag;
      const goesOn = prefix === 'plain' ? same : same && (prefix === 'I' || prefix === 'E');
      if (prefix !== 'plain') this.look(prefix, before, same, line);
      // After the end of a span none goes on.
      if (goesOn && before !== 'E' && before !== 'S') open!.end = token + 1;
      else spans.push((open = { first: token, end: token + 1, tag }));
      before = prefix;
    });
    if (before !== undefined) this.leave(before, line);
    return spans;
  }

  /** What broke the scheme that most of the file keeps. */
  repairs(): { count: number; lines: readonly number[] } {
    const [few, at] =
      this.begunInside <= this.begun
        ? [this.begunInside, this.begunInsideAt]
        : [this.begun, this.begunAt];
    const ends = this.hasEnds ? this.broken : 0;
    return { count: few + ends, lines: [...at, ...(ends > 0 ? this.brokenAt : [])].sort(byNumber) };
  }

  private parse(written: string): { prefix: Prefix | 'plain'; tag: string } {
    if (this.known.has(written)) return { prefix: 'plain', tag: written };
    const found = /^([BIESLUWM])[-_](.+)$/su.exec(written);
    if (!found) return { prefix: 'plain', tag: written };
    return { prefix: prefixes[found[1]!]!, tag: found[2]! };
  }

  private look(prefix: Prefix, before: Prefix | 'plain' | undefined, same: boolean, line: number) {
    if (prefix === 'E' || prefix === 'S') this.hasEnds = true;
    const isOpen = same && before !== 'E' && before !== 'S';
    if (prefix === 'B' || prefix === 'S') {
      if (before === 'B' || before === 'I') this.note('broken', this.brokenAt, line);
      if (!same) this.note('begun', this.begunAt, line);
    } else if (!isOpen) {
      if (before === 'B' || before === 'I') this.note('broken', this.brokenAt, line);
      this.note('begunInside', this.begunInsideAt, line);
    }
  }

  private leave(before: Prefix | 'plain', line: number): void {
    if (before === 'B' || before === 'I') this.note('broken', this.brokenAt, line);
  }

  private note(count: 'begun' | 'begunInside' | 'broken', lines: number[], line: number): void {
    this[count]++;
    if (lines.length < linesKept) lines.push(line);
  }
}

const linesKept = 10;

function byNumber(a: number, b: number): number {
  return a - b;
}
