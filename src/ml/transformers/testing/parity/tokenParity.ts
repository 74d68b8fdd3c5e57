import { readParityTokenizer, readParityValues } from './parityFiles';

export interface TokenParity {
  /** Texts whose token ids were compared. */
  sequences: number;
  /** Those whose ids are others. */
  differing: string[];
}

interface Tokens {
  truncation: number;
  cases: { text: string; input_ids: number[] }[];
}

/** Compares token ids with those of Hugging Face's tokenizer. */
export function tokenParity(): TokenParity {
  const { truncation, cases } = readParityValues('tokens.json') as Tokens;
  const tokenizer = readParityTokenizer();
  const differing = cases.filter(({ text, input_ids }) => {
    const ids = tokenizer.encode(text, truncation);
    return ids.length !== input_ids.length || input_ids.some((id, i) => id !== ids[i]);
  });
  return { sequences: cases.length, differing: differing.map(({ text }) => text) };
}
