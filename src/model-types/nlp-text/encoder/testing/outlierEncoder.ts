import { writeFiles, writeTinyEncoder } from '../../../../encoders/testing/tinyEncoder';
import { embeddingNames, layerModules } from '../../../../ml/transformers/parameterNames';
import { safetensorsFile } from '../../../../ml/transformers/testing/safetensorsFile';
import {
  tinyConfig,
  type TinyEncoderOptions,
  tinyWeights,
} from '../../../../ml/transformers/testing/tinyEncoder';

/**
 * Writes a tiny encoder that int8 ruins: the first input of products is always 0 and has a huge weight,
 * so that nothing is left of the others once all are rounded to the same steps. Its last products are
 * large, so that embeddings tell little without them.
 */
export function writeOutlierEncoder(folder: string, options: TinyEncoderOptions): void {
  const config = tinyConfig(options);
  const weights = tinyWeights(config, 1);
  const change = (name: string, to: (value: number, at: number) => number): void => {
    const { bytes } = weights.get(name)!;
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    values.forEach((value, at) => (values[at] = to(value, at)));
  };
  const withoutFirst = (norm: string): void =>
    change(`${norm}.weight`, (value, at) => (at === 0 ? 0 : value));
  withoutFirst(embeddingNames.norm);
  for (let layer = 0; layer < config.layers; layer++) {
    const names = layerModules(config, layer);
    withoutFirst(names.attentionNorm);
    withoutFirst(names.outputNorm);
    for (const product of [names.query, names.key, names.value, names.intermediate]) {
      change(`${product}.weight`, (value, at) => (at % config.hidden === 0 ? 1e4 : value));
    }
    change(`${names.output}.weight`, (value) => 50 * value);
  }
  writeTinyEncoder(folder, options);
  writeFiles(folder, new Map([['model.safetensors', safetensorsFile(weights)]]));
}
