import type { LinearHead } from '../../../ml/heads/head';
import { bytesOf, type Initializer, type OnnxGraph } from '../../../ml/onnx/graph';
import { classifierOutputs, probabilityNode } from '../../../ml/onnx/probabilities';
import type { EncoderConfig } from '../../../ml/transformers/encoderConfig';
import { embeddingGraph } from '../../../ml/transformers/servingGraph';

/** What a classifier is made of. */
export interface EncoderClassifier {
  config: EncoderConfig;
  /** The encoder's parameters by name; see `parameterShapes`. */
  weights: ReadonlyMap<string, Float32Array>;
  /** Whether embeddings are brought to length 1 before the head. */
  normalize: boolean;
  head: LinearHead;
}

/**
 * One graph from token ids to probabilities. Inputs: `input_ids` and `attention_mask`, int64 [N, L], any N
 * and L up to the encoder's context. Outputs: `probabilities` and `logits`, float [N, labels].
 */
export function classifierGraph(classifier: EncoderClassifier): OnnxGraph {
  const { config, weights, normalize, head } = classifier;
  const graph = embeddingGraph(config, weights, normalize);
  const { classes, width, kind } = head;
  const constant = (name: string, dims: number[], values: Float32Array): Initializer => ({
    name,
    dims,
    type: 'float32',
    bytes: bytesOf(values),
  });
  return {
    ...graph,
    name: 'classifier',
    nodes: [
      ...graph.nodes,
      {
        op: 'Gemm',
        inputs: ['embeddings', 'head.weight', 'head.bias'],
        outputs: ['logits'],
        attributes: { transB: 1 },
      },
      probabilityNode(kind),
    ],
    initializers: [
      ...graph.initializers,
      constant('head.weight', [classes, width], head.weights),
      constant('head.bias', [classes], head.bias),
    ],
    outputs: classifierOutputs(classes),
  };
}
