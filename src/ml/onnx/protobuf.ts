import { Root, type Type } from 'protobufjs/light';

/**
 * The part of ONNX's `onnx.proto` (proto2) that this project writes and reads. Field numbers are
 * the format; names are ours to choose only in case. Everything that can hold a tensor is here, so
 * that a walk over a decoded model meets every tensor that a runtime would load.
 */
const schema = {
  OperatorSetId: { domain: [1, 'string'], version: [2, 'int64'] },
  StringEntry: { key: [1, 'string'], value: [2, 'string'] },
  Dimension: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
  Shape: { dim: [1, 'Dimension', 'repeated'] },
  TensorType: { elemType: [1, 'int32'], shape: [2, 'Shape'] },
  TypeInfo: { tensorType: [1, 'TensorType'] },
  ValueInfo: { name: [1, 'string'], type: [2, 'TypeInfo'] },
  Tensor: {
    dims: [1, 'int64', 'repeated'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
    externalData: [13, 'StringEntry', 'repeated'],
    dataLocation: [14, 'int32'],
  },
  SparseTensor: { values: [1, 'Tensor'], indices: [2, 'Tensor'] },
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'Tensor'],
    g: [6, 'Graph'],
    floats: [7, 'float', 'repeated'],
    ints: [8, 'int64', 'repeated'],
    tensors: [10, 'Tensor', 'repeated'],
    graphs: [11, 'Graph', 'repeated'],
    type: [20, 'int32'],
    sparseTensor: [22, 'SparseTensor'],
    sparseTensors: [23, 'SparseTensor', 'repeated'],
  },
  Node: {
    input: [1, 'string', 'repeated'],
    output: [2, 'string', 'repeated'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'Attribute', 'repeated'],
    domain: [7, 'string'],
  },
  Graph: {
    node: [1, 'Node', 'repeated'],
    name: [2, 'string'],
    initializer: [5, 'Tensor', 'repeated'],
    input: [11, 'ValueInfo', 'repeated'],
    output: [12, 'ValueInfo', 'repeated'],
    sparseInitializer: [15, 'SparseTensor', 'repeated'],
  },
  TrainingInfo: { initialization: [1, 'Graph'], algorithm: [2, 'Graph'] },
  Function: { node: [7, 'Node', 'repeated'] },
  Model: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'Graph'],
    opsetImport: [8, 'OperatorSetId', 'repeated'],
    metadataProps: [14, 'StringEntry', 'repeated'],
    trainingInfo: [20, 'TrainingInfo', 'repeated'],
    functions: [25, 'Function', 'repeated'],
  },
} satisfies Record<string, Record<string, [id: number, type: string, rule?: 'repeated']>>;

function buildRoot(): Root {
  const nested = Object.entries(schema).map(([message, fields]) => [
    message,
    {
      fields: Object.fromEntries(
        Object.entries(fields as Record<string, [number, string, string?]>).map(
          ([name, [id, type, rule]]) => [
            name,
            rule === undefined ? { id, type } : { id, type, rule },
          ],
        ),
      ),
    },
  ]);
  return Root.fromJSON({
    nested: Object.fromEntries(nested) as Record<string, { fields: Record<string, never> }>,
  });
}

/** The ONNX `ModelProto` message, ready to encode and decode. */
export const modelMessage: Type = buildRoot().lookupType('Model');
