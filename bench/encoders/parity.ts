/**
 * How far all-MiniLM-L6-v2 is from what Hugging Face's transformers and PyTorch compute with it:
 *
 *   node dist/bench/encoders/parity.js
 *
 * The encoder and their values are in TRAINYARD_ENCODERS (default `../shared/encoders`). Prints one JSON
 * line: how many token sequences differ, and the worst errors with where they were met.
 */
import { embeddingParity } from '../../src/ml/transformers/testing/parity/embeddingParity';
import {
  missingParityFiles,
  parityEncoder,
} from '../../src/ml/transformers/testing/parity/parityFiles';
import { tokenParity } from '../../src/ml/transformers/testing/parity/tokenParity';
import { trainingParity } from '../../src/ml/transformers/testing/parity/trainingParity';
import type { Worst } from '../../src/ml/transformers/testing/parity/worst';
import { emit } from '../support/statistics';

const digits = (value: number): number => Number(value.toPrecision(2));
const rounded = ({ error, at }: Worst): Worst => ({ error: digits(error), at });

async function main(): Promise<void> {
  const missing = missingParityFiles();
  if (missing.length > 0) {
    console.error(
      `Nothing to compare with: ${missing.join(', ')} missing. ` +
        `Name the folder with ${parityEncoder}/ and parity/ in TRAINYARD_ENCODERS.`,
    );
    process.exitCode = 1;
    return;
  }
  const { sequences, differing } = tokenParity();
  const embeddings = await embeddingParity();
  const { gradientNorms, gradientValues, weightNorms, ...trained } = await trainingParity();
  emit({
    bench: 'encoder parity',
    encoder: parityEncoder,
    token_sequences: sequences,
    token_sequences_differing: differing.length,
    embeddings_absolute: rounded(embeddings),
    logits_absolute: rounded(trained.logits),
    parameters: trained.parameters,
    gradient_norms_relative: rounded(gradientNorms.relative),
    gradient_norms_key_biases_absolute: rounded(gradientNorms.keyBiases),
    gradient_values_relative_to_norm: rounded(gradientValues.relative),
    gradient_values_key_biases_absolute: rounded(gradientValues.keyBiases),
    losses_absolute: rounded(trained.losses),
    weight_norms_relative: rounded(weightNorms.relative),
    weight_norms_key_biases_absolute: rounded(weightNorms.keyBiases),
    word_table_norm_relative: digits(trained.wordTableNorm),
  });
}

void main();
