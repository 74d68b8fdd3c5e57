import { canonicalName, lookAlikeKey, lookAlikeReason, visibleName } from '../data/names';
import { TrainyardError } from '../errors';
import { wholeStart } from '../support/words';

/** Counts labels as rows come. */
export class LabelTable {
  private readonly counts = new Map<string, number>();

  add(labels: readonly string[]): void {
    for (const label of labels) this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }

  get size(): number {
    return this.counts.size;
  }

  has(label: string): boolean {
    return this.counts.has(label);
  }

  rowsOf(label: string): number {
    return this.counts.get(canonicalName(label)) ?? 0;
  }

  /**
   * The base model's labels as they stand there, then the others sorted: fixed by the data alone. A base
   * model of an older version may have names that are not canonical; they are the same labels.
   */
  order(base: readonly string[]): string[] {
    const known = numberLabels(base);
    return [...base, ...[...this.counts.keys()].filter((label) => !known.has(label)).sort()];
  }
}

/** The number of each label by its canonical name; of two that are one name the first. */
export function numberLabels(labels: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  labels.forEach((label, i) => {
    const name = canonicalName(label);
    if (!numbers.has(name)) numbers.set(name, i);
  });
  return numbers;
}

/** Two labels that a reader would take for one. */
export interface NearLabels {
  /** The one with fewer rows, and the other. */
  rare: string;
  common: string;
  reason: string;
}

/** Each label that looks like another with more rows; beside labels of the data, those that a base model knows. */
export function nearLabels(
  labels: readonly string[],
  rowsOf: (label: string) => number,
): NearLabels[] {
  const byLook = new Map<string, string[]>();
  for (const label of labels) {
    const key = lookAlikeKey(label);
    byLook.set(key, [...(byLook.get(key) ?? []), label]);
  }
  return [...byLook.values()].flatMap((alike) => {
    const [common, ...others] = alike.sort((a, b) => rowsOf(b) - rowsOf(a));
    return others.map((rare) => ({
      rare,
      common: common!,
      reason: lookAlikeReason(rare, common!),
    }));
  });
}

/** Refuses labels that no classifier can be trained on. */
export function checkLabels(
  labels: readonly string[],
  table: LabelTable,
  limit: number | null,
  head: 'softmax' | 'sigmoid',
): void {
  if (labels.length < (head === 'softmax' ? 2 : 1)) throw oneClass(labels, table);
  if (limit !== null && labels.length > limit) {
    throw new TrainyardError(
      'data',
      'too_many_classes',
      `the training data has ${labels.length} labels and n_target_classes is ${limit}. ` +
        `Labels with the fewest rows: ${rarest(labels, table)}. ` +
        'Raise n_target_classes, or correct the labels that should be one.',
    );
  }
}

function oneClass(labels: readonly string[], table: LabelTable): TrainyardError {
  const found = labels[0];
  const what =
    found === undefined
      ? 'no row of the training data has a label'
      : `all ${table.rowsOf(found)} rows of the training data have the label ${quoted(found)}`;
  return new TrainyardError(
    'data',
    'one_class',
    `${what}; a classifier needs at least two labels. Add rows of another label, or check the label column.`,
  );
}

function rarest(labels: readonly string[], table: LabelTable): string {
  const byRows = [...labels].sort((a, b) => table.rowsOf(a) - table.rowsOf(b));
  return byRows
    .slice(0, 5)
    .map((label) => `${quoted(label)} (${table.rowsOf(label)})`)
    .join(', ');
}

/** A label as shown in messages, with what nobody would see in it. */
export function quoted(label: string): string {
  return `"${visibleName(label.length > 60 ? `${wholeStart(label, 57)}…` : label)}"`;
}
