import { nearestName } from '../../../data/csv/suggest';
import { canonicalName } from '../../../data/names';
import type { StageContext } from '../../../stage/stageContext';
import { counted, shortened } from '../../../support/words';

/** Tags that no warning names one by one. */
const shown = 20;

/** Counts the spans of each tag as rows come. */
export class TagTable {
  private readonly counts = new Map<string, number>();

  add(tag: string): void {
    this.counts.set(tag, (this.counts.get(tag) ?? 0) + 1);
  }

  spansOf(tag: string): number {
    return this.counts.get(tag) ?? 0;
  }

  /** Those that came up, most often found first. */
  found(): string[] {
    return [...this.counts.keys()].sort(
      (a, b) => this.spansOf(b) - this.spansOf(a) || (a < b ? -1 : 1),
    );
  }

  /** Warns of tags of the data that the model has not, one by one. */
  warnOfUnexpected(
    context: Pick<StageContext, 'warn'>,
    known: readonly string[],
    part: 'training' | 'test',
  ): void {
    const unexpected = this.found().filter((tag) => !known.includes(tag));
    for (const tag of unexpected.slice(0, shown)) {
      const count = counted(this.spansOf(tag), `${part} span`, `${part} spans`);
      const near = nearestName(tag, known);
      const hint = near === undefined ? '' : `; did you mean ${quoted(near)}?`;
      context.warn({
        code: 'unexpected_tag',
        message: `Found unexpected entity tag ${quoted(tag)} (${count}), which is none of target_labels: its tokens were read as outside${hint}`,
      });
    }
    const more = unexpected.length - shown;
    if (more <= 0) return;
    const message = `${counted(more, 'more tag is none', 'more tags are none')} of target_labels`;
    context.warn({ code: 'unexpected_tag', message });
  }
}

/** A tag's name as people see it. */
export function quoted(tag: string): string {
  return JSON.stringify(shortened(tag, 40));
}

/** The names of tags, each once: what nobody can see apart is one. */
export function distinctTags(tags: readonly string[]): string[] {
  return [...new Set(tags.map(canonicalName))];
}
