import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EncoderConfig } from '../../encoderConfig';
import { bufferSource } from '../../../byteSource';
import { readConfig } from '../../files/readConfig';
import { readTokenizer, type TextTokenizer } from '../../files/tokenizer/tokenizer';
import { readWeights } from '../../files/readWeights';

/** The encoder with which the values to compare with were computed. */
export const parityEncoder = 'all-MiniLM-L6-v2';

const root = process.env['TRAINYARD_ENCODERS'] ?? join('..', 'shared', 'encoders');

const encoderFiles = ['config.json', 'tokenizer.json', 'model.safetensors'] as const;
const valueFiles = ['tokens.json', 'embeddings.json', 'finetune.json'] as const;

const encoderPath = (file: (typeof encoderFiles)[number]): string =>
  join(root, parityEncoder, file);
const valuePath = (file: (typeof valueFiles)[number]): string => join(root, 'parity', file);

/**
 * Which files of the encoder and of the values are not there; none: all comparisons can be made.
 * They are looked for in the folder TRAINYARD_ENCODERS, by default `../shared/encoders`.
 */
export function missingParityFiles(): string[] {
  const paths = [...encoderFiles.map(encoderPath), ...valueFiles.map(valuePath)];
  return paths.filter((path) => !existsSync(path));
}

export function readParityEncoder(): {
  config: EncoderConfig;
  weights: Map<string, Float32Array>;
} {
  const config = {
    ...readConfig(readFileSync(encoderPath('config.json'))),
    pooling: 'mean' as const,
  };
  const file = bufferSource(readFileSync(encoderPath('model.safetensors')));
  return { config, weights: readWeights(file, config) };
}

export function readParityTokenizer(): TextTokenizer {
  return readTokenizer(readFileSync(encoderPath('tokenizer.json')));
}

/** What Hugging Face's transformers and PyTorch computed, as the file has it. */
export function readParityValues(file: (typeof valueFiles)[number]): unknown {
  return JSON.parse(readFileSync(valuePath(file), 'utf8'));
}
