import type { DatasetWriter } from '../../../data/dataset';
import type { Cell } from '../../../rows/rowFormat';
import type { FileTally, RowTally } from '../../../rows/rowTally';
import { counted, shortened } from '../../../support/words';
import { inTextOrder, readSpansCell, type Span, spansCell } from '../../../tagging/span';
import { labelTokens } from '../../../tagging/tagLabels';
import { TagReader } from '../../../tagging/tagReader';
import { tokenize, wordsOf } from '../../../tagging/tokens';
import type { NlpTokenOptions } from '../options';

/** Takes the rows of one file, whatever its format; writes each as a text and its spans. */
export class TaggedFile {
  /** Rows whose spans were given by characters. */
  annotated = 0;
  private readonly tags: TagReader;

  constructor(
    private readonly writer: Pick<DatasetWriter, 'append'>,
    private readonly tally: RowTally,
    private readonly counts: FileTally,
    private readonly options: Pick<NlpTokenOptions, 'target_labels' | 'default_tag' | 'tokens'>,
  ) {
    this.tags = new TagReader(new Set(options.target_labels), options.default_tag);
  }

  /** Two cells are tokens and tags, each a text or a list; three are a text, nothing, and spans. */
  take(cells: readonly Cell[], line: () => number): void {
    const row =
      cells.length === 3
        ? this.annotatedRow(cells[0] as string, cells[2] as string, line())
        : this.taggedRow(tokensOf(cells[0]!), tokensOf(cells[1]!), line());
    if (typeof row === 'string') return this.tally.bad(this.counts, line(), row);
    if (row.text.includes('\0')) {
      return this.tally.bad(this.counts, line(), 'the text holds a NUL character (U+0000)');
    }
    if (cells.length === 3) this.annotated++;
    this.writer.append([row.text, spansCell(row.spans)]);
    this.tally.good(this.counts);
  }

  /** Says what broke the scheme of the file's tags. */
  tellRepairs(): void {
    const { count, lines } = this.tags.repairs();
    if (count === 0) return;
    const where = lines.slice(0, 5).join(', ');
    const message = `${this.counts.name}: ${counted(count, 'tag breaks', 'tags break')} the order of B- and I- (or E-, S-) that the rest of the file keeps, and ${count === 1 ? 'was' : 'were'} read as conlleval does: a span begins where the tag changes (sentences at lines ${where}${count > 5 ? ', …' : ''})`;
    this.tally.warn('broken_tags', message, {
      one: 'more file has broken tags',
      many: 'more files have broken tags',
    });
  }

  private taggedRow(
    tokens: string[],
    tags: string[],
    line: number,
  ): { text: string; spans: Span[] } | string {
    if (tokens.length !== tags.length) {
      return `number of source tokens: ${tokens.length} ≠ number of target tokens: ${tags.length}`;
    }
    if (tokens.length === 0) return 'there are no tokens';
    const starts: number[] = [];
    let at = 0;
    for (const token of tokens) {
      starts.push(at);
      at += token.length + 1;
    }
    const spans = this.tags.read(tags, line).map(({ first, end, tag }) => ({
      start: starts[first]!,
      end: starts[end - 1]! + tokens[end - 1]!.length,
      tag,
    }));
    return { text: tokens.join(' '), spans };
  }

  private annotatedRow(
    text: string,
    cell: string,
    line: number,
  ): { text: string; spans: Span[] } | string {
    if (text.trim() === '') return 'there are no tokens';
    const spans = this.withoutOverlaps(readSpansCell(cell).sort(inTextOrder), line);
    const unit = this.options.tokens ?? 'words';
    const tokens = tokenize(text, unit);
    const labels = new Uint16Array(tokens.starts.length);
    for (const { span, start, end } of labelTokens(tokens, spans, () => undefined, labels)) {
      const what =
        start === end
          ? 'holds no token, and was left out'
          : `cuts a token; it was widened to ${start} to ${end}, ${quoted(text.slice(start, end))}`;
      const message = `${this.place(line)}: the span ${nameOf(text, span)} ${what}`;
      this.tally.warn('cut_tokens', message, {
        one: 'more span cuts a token',
        many: 'more spans cut tokens',
      });
    }
    return { text, spans };
  }

  /** Of spans that overlap the longest stays; of those equally long the first. */
  private withoutOverlaps(spans: readonly Span[], line: number): Span[] {
    const kept: Span[] = [];
    for (const span of spans) {
      const before = kept.at(-1);
      if (!before || before.end <= span.start) {
        kept.push(span);
        continue;
      }
      const [longer, other] =
        span.end - span.start > before.end - before.start ? [span, before] : [before, span];
      kept[kept.length - 1] = longer;
      const same = longer.start === other.start && longer.end === other.end;
      if (same && longer.tag === other.tag) continue;
      const message = `${this.place(line)}: the spans ${rangeOf(longer)} and ${rangeOf(other)} overlap; the ${same ? 'first' : 'longer'} was kept`;
      this.tally.warn('overlapping_spans', message, {
        one: 'more span overlaps another',
        many: 'more spans overlap another',
      });
    }
    return kept;
  }

  private place(line: number): string {
    return `${this.counts.name}, line ${line}`;
  }
}

function tokensOf(cell: Cell): string[] {
  if (typeof cell !== 'string') return [...cell];
  return wordsOf(cell, tokenize(cell, 'whitespace'));
}

function rangeOf({ start, end, tag }: Span): string {
  return `${start} to ${end} (${quoted(tag)})`;
}

function nameOf(text: string, span: Span): string {
  return `${rangeOf(span)}, ${quoted(text.slice(span.start, span.end))},`;
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text, 40));
}
