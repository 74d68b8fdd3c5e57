/** A run of dense parameters that AdamW treats alike. */
export interface ParameterGroup {
  offset: number;
  length: number;
  /** Decoupled weight decay per step and unit of learning rate. */
  weightDecay: number;
  /** What the learning rate is multiplied with here. */
  rateScale: number;
}

/** Where a named tensor lies among the dense parameters. */
export interface NamedSpan {
  name: string;
  offset: number;
  length: number;
}

export interface GroupOptions {
  /** For all tensors but biases and layer norms, which have none. */
  weightDecay: number;
  /** Factor on the learning rate by tensor name. @default 1 everywhere */
  rateScale?: ((name: string) => number) | undefined;
}

/** The spans in order of offset, neighbours with the same settings joined. */
export function parameterGroups(
  spans: readonly NamedSpan[],
  { weightDecay, rateScale = () => 1 }: GroupOptions,
): ParameterGroup[] {
  const groups: ParameterGroup[] = [];
  for (const { name, offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    const group = {
      offset,
      length,
      weightDecay: hasDecay(name) ? weightDecay : 0,
      rateScale: rateScale(name),
    };
    const last = groups.at(-1);
    if (
      last &&
      last.offset + last.length === offset &&
      last.weightDecay === group.weightDecay &&
      last.rateScale === group.rateScale
    ) {
      last.length += length;
    } else groups.push(group);
  }
  return groups;
}

/** Biases and the gains of layer norms are not pulled to 0. */
export function hasDecay(name: string): boolean {
  return !/bias$/i.test(name) && !/layer_?norm/i.test(name);
}

/**
 * Layer-wise learning-rate decay (Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text
 * Classification"): the head learns at the full rate, each layer below at `decay` times the rate of the
 * one above it, the embeddings slowest.
 *
 * @param layers number of the encoder's layers; they are known by `layer.<n>.` in a tensor's name
 */
export function layerwiseRate(decay: number, layers: number): (name: string) => number {
  return (name) => decay ** (layers + 1 - depthOf(name, layers));
}

function depthOf(name: string, layers: number): number {
  const layer = /(?:^|\.)layers?\.(\d+)\./.exec(name);
  if (layer) return Number(layer[1]) + 1;
  // MPNet's biases of distances, which every layer shares: they change with the first of them.
  if (/relative_attention_bias/.test(name)) return 1;
  return /embedding/i.test(name) ? 0 : layers + 1;
}
