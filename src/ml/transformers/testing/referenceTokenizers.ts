import byteLevel from './tokenizers/byteLevel.json';
import expected from './tokenizers/expected.json';
import precompiled from './tokenizers/precompiled.json';
import unigram from './tokenizers/unigram.json';

/** Small tokenizers of the three kinds beside BERT's; bench/peers/tokenizer_reference.py makes them. */
export const referenceTokenizers = { byteLevel, unigram, precompiled };

/** Texts, and the ids that Hugging Face's tokenizers gives for them with each tokenizer. */
export const { texts: referenceTexts, ids: referenceIds } = expected;
