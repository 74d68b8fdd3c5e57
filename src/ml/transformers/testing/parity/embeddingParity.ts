import { openGraph } from '../../../onnx/graphSession';
import { embeddingGraph } from '../../servingGraph';
import { servingFeeds, tokenBatch } from '../../tokenBatch';
import { readParityEncoder, readParityTokenizer, readParityValues } from './parityFiles';
import { type Worst, worstDifference } from './worst';

interface Embeddings {
  cases: { text: string; embedding: number[] }[];
}

/**
 * The worst absolute error of embeddings, from text to normalised mean, beside those of transformers
 * (which are written with seven decimals).
 */
export async function embeddingParity(): Promise<Worst> {
  const { cases } = readParityValues('embeddings.json') as Embeddings;
  const { config, weights } = readParityEncoder();
  const tokenizer = readParityTokenizer();
  const texts = cases.map(({ text }) => tokenizer.encode(text, 128));
  const batch = tokenBatch(texts, Math.max(...texts.map(({ length }) => length)), config);
  const session = await openGraph(embeddingGraph(config, weights, true), { threads: 2 });
  const embeddings = new Float32Array(texts.length * config.hidden);
  await session.run(servingFeeds(batch), { embeddings }, { N: batch.rows, L: batch.length });
  await session.close();
  return worstDifference(
    cases.flatMap(({ embedding }) => embedding),
    embeddings,
    (i) => `text ${Math.floor(i / config.hidden) + 1}, number ${(i % config.hidden) + 1}`,
  );
}
