import type { BundleInfo } from '../bundle/bundle';
import type { NlpTokenOptions } from '../options';
import type { TokenSummary } from '../preprocess/tokenData';

/** What bundles record of a training. */
export function bundleInfo(
  { target_labels, default_tag, seed }: NlpTokenOptions,
  { tags, ruleTags, dataHash }: TokenSummary,
): BundleInfo {
  const targetLabels = [...new Set([...target_labels, ...tags])];
  return { targetLabels, ruleTags, defaultTag: default_tag, seed, dataHash };
}
