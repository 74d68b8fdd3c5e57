/** A run of dense parameters that AdamW treats alike. */
export interface ParameterGroup {
  offset: number;
  length: number;
  /** Decoupled weight decay per step and unit of learning rate. */
  weightDecay: number;
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
}

/** The spans in order of offset, neighbours with the same settings joined. */
export function parameterGroups(
  spans: readonly NamedSpan[],
  { weightDecay }: GroupOptions,
): ParameterGroup[] {
  const groups: ParameterGroup[] = [];
  for (const { name, offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    const group = {
      offset,
      length,
      weightDecay: hasDecay(name) ? weightDecay : 0,
    };
    const last = groups.at(-1);
    const follows = last && last.offset + last.length === offset;
    if (follows && last.weightDecay === group.weightDecay) last.length += length;
    else groups.push(group);
  }
  return groups;
}

/** Biases and the gains of layer norms are not pulled to 0. */
export function hasDecay(name: string): boolean {
  return !/bias$/i.test(name) && !/layer_?norm/i.test(name);
}
