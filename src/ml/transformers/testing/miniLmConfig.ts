import type { EncoderConfig } from '../encoderConfig';

/** The shape of all-MiniLM-L6-v2. */
export const miniLmConfig: EncoderConfig = {
  family: 'bert',
  vocabulary: 30_522,
  hidden: 384,
  layers: 6,
  heads: 12,
  intermediate: 1536,
  maxPositions: 512,
  typeVocabulary: 2,
  layerNormEps: 1e-12,
  activation: 'gelu',
  padTokenId: 0,
  relativeAttentionBuckets: 0,
  pooling: 'mean',
};
