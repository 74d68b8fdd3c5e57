/** Writes an encoder as the `embed` stage runs it: `node writeEncoderGraph.js ENCODER_FOLDER GRAPH.onnx`. */
import { writeFileSync } from 'node:fs';
import { loadEncoder } from '../../src/encoders/encoderFolder';
import { encodeGraph } from '../../src/ml/onnx/graph';
import { embeddingGraph } from '../../src/ml/transformers/servingGraph';

const [folder, path] = process.argv.slice(2) as [string, string];
const { config, weights, normalize } = loadEncoder(folder);
writeFileSync(path, encodeGraph(embeddingGraph(config, weights, normalize)));
