import type { TokenFeatures } from '../../../tagging/features/featureSpec';
import { outside } from '../../../tagging/tagLabels';
import type { LabelledTokens } from './labelledTokens';
import { pickTemplates, templateKeys } from './templateKeys';
import { trainerSettings } from './trainerSettings';

/** Rows for the first passes, and the rows to choose on how likely being outside is. */
export interface ChoosingRows {
  first: Int32Array;
  aside: Int32Array;
}

/** Puts rows aside, none of them from a template that the others are from; undefined where too little would be. */
export function choosingRows(
  tokens: LabelledTokens,
  features: TokenFeatures,
  rows: Int32Array,
  seed: number,
): ChoosingRows | undefined {
  const { choosingShare, leastChoosingTemplates } = trainerSettings;
  const templates = templateKeys(tokens, features);
  const isAside = pickTemplates(templates, choosingShare, seed);
  const aside = rows.filter(isAside);
  const withSpans = aside.filter((row) => hasSpans(tokens, row));
  const kinds = new Set(withSpans.map((row) => templates[row]!)).size;
  if (kinds < leastChoosingTemplates) return undefined;
  return { first: rows.filter((row) => !isAside(row)), aside };
}

function hasSpans({ labels, starts }: LabelledTokens, row: number): boolean {
  return labels.subarray(starts[row], starts[row + 1]).some((label) => label !== outside);
}
