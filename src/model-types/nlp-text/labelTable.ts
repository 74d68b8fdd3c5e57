import { TrainyardError } from '../../errors';
import { wholeStart } from '../../words';

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
    return this.counts.get(label) ?? 0;
  }

  /** The base model's labels in their order, then the others sorted: fixed by the data alone. */
  order(base: readonly string[]): string[] {
    const known = new Set(base);
    return [...base, ...[...this.counts.keys()].filter((label) => !known.has(label)).sort()];
  }
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

/** A label as shown in messages. */
export function quoted(label: string): string {
  return JSON.stringify(label.length > 60 ? `${wholeStart(label, 57)}…` : label);
}
