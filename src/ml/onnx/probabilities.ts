import type { GraphNode, OnnxGraph } from './graph';

/** How the nodes `logits` of a classifier become its probabilities. */
export function probabilityNode(head: 'softmax' | 'sigmoid'): GraphNode {
  const ports = { inputs: ['logits'], outputs: ['probabilities'] };
  return head === 'softmax'
    ? { op: 'Softmax', ...ports, attributes: { axis: -1 } }
    : { op: 'Sigmoid', ...ports };
}

/** What every classifier gives: `probabilities` and `logits`, float [N, labels]. */
export function classifierOutputs(labels: number): OnnxGraph['outputs'] {
  return [
    { name: 'probabilities', type: 'float32', dims: ['N', labels] },
    { name: 'logits', type: 'float32', dims: ['N', labels] },
  ];
}
