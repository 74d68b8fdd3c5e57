import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedEncoder } from '../../../encoders/encoderFolder';
import { tokenizerFile } from '../../../ml/transformers/files/tokenizer';
import type { BundleInfo } from '../bundle';
import type { FeatureSummary } from '../features';
import type { NlpTextOptions } from '../options';
import type { EncoderChoice } from './encoderChoice';

/** What a bundle records beside the model itself. */
export function bundleInfo(options: NlpTextOptions, summary: FeatureSummary): BundleInfo {
  return {
    modelType: options.doc_classification ? 'nlp-doc' : 'nlp-text',
    nTargetClasses: summary.nTargetClasses,
    seed: summary.seed,
    dataHash: summary.dataHash,
  };
}

/** What `train.json` says of the encoder. */
export function encoderFacts(choice: EncoderChoice, { config, normalize }: LoadedEncoder) {
  const { name, hash, training, max_length, long_texts } = choice;
  const { family, layers, hidden, pooling } = config;
  return {
    name,
    hash,
    training,
    max_length,
    long_texts,
    family,
    layers,
    hidden,
    pooling,
    normalize,
  };
}

/** The encoder's tokenizer, as it goes into bundles. */
export function tokenizerOf(inputs: string): Uint8Array {
  return readFileSync(join(inputs, 'encoder', tokenizerFile));
}
