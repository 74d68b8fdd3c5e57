import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../../data/datasetReader';
import type { Shard } from '../../../encoder-learning/embeddings/shards';
import { WordEmbedder } from '../../../encoder-learning/embeddings/wordEmbedder';
import { writeStates } from '../../../encoder-learning/embeddings/wordStates';
import { nextTurn } from '../../../stage/nextTurn';
import type { StageContext } from '../../../stage/stageContext';
import { tokenize } from '../../../tagging/tokens';
import type { NlpTokenOptions } from '../options';
import { readTokenSummary } from '../preprocess/tokenData';

/** Rows that are tokenized at once; their neighbours in a batch come from among them. */
const rowsAtOnce = 128;

/**
 * Computes the states of the words in one shard of the train rows with a frozen encoder. They depend on
 * the shard's texts, what counts as a word, the encoder's files and the options in `embeddingOptions`.
 */
export async function embed(context: StageContext, options: NlpTokenOptions): Promise<void> {
  const { inputs, outputs, cores, memoryMb } = context;
  const { from, to } = JSON.parse(readFileSync(join(inputs, 'item.json'), 'utf8')) as Shard;
  const { unit } = readTokenSummary(join(inputs, 'preprocess'));
  const threads = { threads: cores, memoryMb };
  const embedder = await WordEmbedder.open(join(inputs, 'encoder'), options.encoder!, threads);
  const train = openDataset(join(inputs, 'extract', 'train'));
  try {
    const parts: Float32Array[] = [];
    for (let start = from; start < to; start += rowsAtOnce) {
      const end = Math.min(to, start + rowsAtOnce);
      const texts = Array.from({ length: end - start }, (_, i) => train.get('text', start + i));
      const words = texts.map((text) => ({ text, tokens: tokenize(text, unit) }));
      parts.push(await embedder.embed(words, () => nextTurn(context)));
      context.progress({ done: end - from, total: to - from, unit: 'rows' });
    }
    const states = joined(parts);
    const { dims } = embedder;
    writeStates(outputs, { format: 1, from, to, dims, words: states.length / dims }, states);
  } finally {
    train.close();
    await embedder.close();
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
