/**
 * The encoder families whose graphs we know. XLM-R, CamemBERT and the like have RoBERTa's graph and
 * so its family.
 */
export const encoderFamilies = ['bert', 'distilbert', 'roberta', 'mpnet'] as const;
export type EncoderFamily = (typeof encoderFamilies)[number];

/** `gelu` is x·Φ(x) with the error function; `gelu_new` is its tanh approximation. */
export type Activation = 'gelu' | 'gelu_new';

/** How the states of a text's tokens become one: their mean over the attention mask, or the first. */
export type Pooling = 'mean' | 'cls';

/** What an encoder is, apart from its weights: all that its graph depends on. */
export interface EncoderConfig {
  family: EncoderFamily;
  /** Rows of the table of word embeddings. */
  vocabulary: number;
  /** Width of a token's state; a multiple of `heads`. */
  hidden: number;
  layers: number;
  heads: number;
  /** Width between the two products of a feed-forward part. */
  intermediate: number;
  /** Rows of the table of position embeddings; `contextLength` says how many tokens they allow. */
  maxPositions: number;
  /** Rows of the table of token types, of which ours always take the first; 0: there is no table. */
  typeVocabulary: number;
  /** Added to the variance by each layer norm. */
  layerNormEps: number;
  activation: Activation;
  /** The token that fills a batch. RoBERTa and MPNet also count their positions from it. */
  padTokenId: number;
  /** MPNet's buckets of distances between tokens, each with a bias for each head; 0: none. */
  relativeAttentionBuckets: number;
  pooling: Pooling;
}

/**
 * The row of the position table that a text's first token takes. Hugging Face's RoBERTa and MPNet
 * count from the padding token's id + 1 and give padding the row of that id.
 */
export function firstPosition({ family, padTokenId }: EncoderConfig): number {
  return family === 'roberta' || family === 'mpnet' ? padTokenId + 1 : 0;
}

/** The most tokens a text may have, special ones counted. */
export function contextLength(config: EncoderConfig): number {
  return config.maxPositions - firstPosition(config);
}
