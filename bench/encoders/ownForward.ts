/**
 * Our side of forward.ts: `node ownForward.js ENCODER_FOLDER BATCH.i64 ROWS LENGTH THREADS`.
 * Answers `run` with milliseconds; `save PATH` writes the batch's embeddings.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadEncoder } from '../../src/encoders/encoderFolder';
import { openGraph } from '../../src/ml/onnx/graphSession';
import { embeddingGraph } from '../../src/ml/transformers/servingGraph';
import { answerLines } from '../support/answerLines';
import { timed } from '../support/statistics';

async function main([folder, batch, ...numbers]: string[]): Promise<void> {
  const [rows, length, threads] = numbers.map(Number) as [number, number, number];
  const { config, weights, normalize } = loadEncoder(folder!);
  const session = await openGraph(embeddingGraph(config, weights, normalize), { threads });
  const both = new BigInt64Array(Uint8Array.from(readFileSync(batch!)).buffer);
  const feeds = {
    input_ids: both.slice(0, rows * length),
    attention_mask: both.slice(rows * length),
  };
  const embeddings = new Float32Array(rows * config.hidden);
  const run = () => session.run(feeds, { embeddings }, { N: rows, L: length });
  await answerLines({
    run: () => timed(run),
    async save(path) {
      await run();
      writeFileSync(path, embeddings);
      return path;
    },
  });
  await session.close();
}

void main(process.argv.slice(2));
