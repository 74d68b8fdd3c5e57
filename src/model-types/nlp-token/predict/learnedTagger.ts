import type { Tokens } from '../../../tagging/tokens';
import type { FoundSpan } from './labelDecoder';

/** Finds the tags that a model has learned. */
export interface LearnedTagger {
  /** Weights of the model. */
  readonly parameters: number;
  /** @param tokens of the text, one at least */
  spans(text: string, tokens: Tokens): FoundSpan[] | Promise<FoundSpan[]>;
  close(): Promise<void>;
}
