import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageContext } from '../../../stage/stageContext';
import { openDataset } from '../../../data/datasetReader';
import { nextTurn } from '../../../stage/nextTurn';
import type { NlpTextOptions } from '../options';
import { writeShard } from '../../../encoder-learning/embeddings/embeddingFiles';
import type { Shard } from '../../../encoder-learning/embeddings/shards';
import { TextEmbedder } from '../../../encoder-learning/embeddings/textEmbedder';
import { addCounts, noTexts } from '../../../encoder-learning/textCounts';

/** Texts that are tokenized at once; their neighbours in a batch come from among them. */
const textsAtOnce = 128;

/**
 * Computes the embeddings of one shard of the train rows with a frozen encoder. They depend on the
 * shard's texts, the encoder's files and the options in `embeddingOptions` alone.
 */
export async function embed(context: StageContext, options: NlpTextOptions): Promise<void> {
  const { inputs, outputs, cores, memoryMb } = context;
  const { from, to } = JSON.parse(readFileSync(join(inputs, 'item.json'), 'utf8')) as Shard;
  const embedder = await TextEmbedder.open(join(inputs, 'encoder'), options.encoder!, {
    threads: cores,
    memoryMb,
  });
  const train = openDataset(join(inputs, 'extract', 'train'));
  try {
    const embeddings = new Float32Array((to - from) * embedder.dims);
    let counts = noTexts;
    for (let start = from; start < to; start += textsAtOnce) {
      const end = Math.min(to, start + textsAtOnce);
      const texts = Array.from({ length: end - start }, (_, i) => train.get('text', start + i));
      const found = await embedder.embed(texts, () => nextTurn(context));
      embeddings.set(found.embeddings, (start - from) * embedder.dims);
      counts = addCounts(counts, found.counts);
      context.progress({ done: end - from, total: to - from, unit: 'rows' });
    }
    writeShard(outputs, { format: 1, from, to, dims: embedder.dims, counts }, embeddings);
  } finally {
    train.close();
    await embedder.close();
  }
}
