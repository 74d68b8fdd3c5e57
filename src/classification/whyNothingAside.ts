import { counted } from '../support/words';
import { quoted } from './labelTable';

const shown = 5;

/**
 * Why `splitRows` put no row aside, in sentences that say what would help. A label keeps a text to learn
 * from, rows with one text stay together, and no more than the share goes.
 *
 * @param groups the first row with the same text, per row
 * @param firstLabels a label number per row
 */
export function whyNothingAside(
  groups: Int32Array,
  firstLabels: Int32Array,
  labels: readonly string[],
  share: number,
): string {
  const needed = Math.ceil(0.5 / share);
  if (groups.length < needed) {
    return (
      `${share} of ${counted(groups.length, 'row', 'rows')} is less than half a row. ` +
      `Give at least ${needed} rows, two of a label.`
    );
  }
  const texts = new Int32Array(labels.length);
  groups.forEach((first, row) => {
    if (first === row) texts[firstLabels[row]!]!++;
  });
  const single = labels.filter((_, label) => texts[label] === 1);
  const occurring = texts.filter((count) => count > 0).length;
  const names = `${single.slice(0, shown).map(quoted).join(', ')}${single.length > shown ? ', …' : ''}`;
  if (single.length === occurring) {
    const which =
      single.length === 1 ? 'the only label has' : `each of the ${single.length} labels has`;
    return `${which} a single text (${names}), which is needed to learn from. Give a second text of some label, better ten of each.`;
  }
  return (
    'the texts repeat so often that the rows of one text are more than the share, and rows with one text stay together. ' +
    'Add rows with other texts, or raise the share.'
  );
}
