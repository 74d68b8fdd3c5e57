/**
 * The forward pass of all-MiniLM-L6-v2 (token ids to embeddings, its real weights), in turn:
 * - own: the graph of the `embed` stage in onnxruntime-node, with that stage's options;
 * - sentence_transformers: PyTorch float32, its modules called on token tensors;
 * - onnxruntime_python: the same ONNX file, ONNX Runtime's defaults but for the number of threads, so
 *   threads that wait spin;
 * - onnxruntime_python_like_own: the same with our options: no spinning, no memory planned ahead.
 *
 *   npm run build && node dist/bench/encoders/forward.js [rounds=9] [threads=1,2] [shapes=32x64,16x128,8x512]
 *
 * TRAINYARD_BENCH_PYTHON names a Python that has bench/peers/requirements.txt; without it only ours is
 * timed. See `compareShapes` for what it prints; beside that, how far each peer's embeddings lie from
 * ours at most. The encoder lies in TRAINYARD_ENCODERS (default `../shared/encoders`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryEnvironment } from '../../src/ml/onnx/memoryEnvironment';
import { streamKey } from '../../src/ml/random/counterRandom';
import { servingFeeds, tokenBatch } from '../../src/ml/transformers/tokenBatch';
import type { Peer } from '../support/peer';
import { compareShapes, type Systems, type Work } from './compareShapes';
import { farthest, readFloats } from './floats';
import { forwardOperations, randomTexts } from './miniLm';
import { miniLmFolder } from './miniLmFolder';

const python = process.env['TRAINYARD_BENCH_PYTHON'];

function systemsOf(dir: string, { rows, length, threads }: Work): Systems {
  const batch = writeBatch(dir, rows, length);
  const shape = [rows, length, threads].map(String);
  const own = {
    line: [process.execPath, join(__dirname, 'ownForward.js'), miniLmFolder, batch, ...shape],
    // As the stage's own process has it.
    environment: memoryEnvironment,
  } satisfies Systems['own'];
  if (python === undefined) return { own };
  const peer = (script: string, ...args: string[]): Systems['own'] => ({
    line: [python, join('bench', 'peers', script), ...args, batch, ...shape],
  });
  const graph = join(dir, 'encoder.onnx');
  return {
    own,
    sentence_transformers: peer('forward_sentence_transformers.py', miniLmFolder),
    onnxruntime_python: peer('forward_onnxruntime.py', 'defaults', graph),
    onnxruntime_python_like_own: peer('forward_onnxruntime.py', 'like-own', graph),
  };
}

/** The batch that all systems read: token ids and then the mask, int64. */
function writeBatch(dir: string, rows: number, length: number): string {
  const texts = randomTexts(rows, length, streamKey(3));
  const { input_ids, attention_mask } = servingFeeds(tokenBatch(texts, length, { padTokenId: 0 }));
  const path = join(dir, 'batch.i64');
  writeFileSync(path, new BigInt64Array([...input_ids!, ...attention_mask!]));
  return path;
}

/** The largest difference of a number of each peer's embeddings from ours. */
async function differences(
  dir: string,
  { own, ...others }: Record<string, Peer>,
): Promise<Record<string, number>> {
  const embeddingsOf = async (peer: Peer): Promise<Float32Array> => {
    const path = join(dir, 'embeddings.f32');
    await peer.ask(`save ${path}`);
    return readFloats(path);
  };
  const found: Record<string, number> = {};
  const ours = await embeddingsOf(own!);
  for (const [name, peer] of Object.entries(others))
    found[`difference_from_${name}`] = farthest(ours, await embeddingsOf(peer));
  return found;
}

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    // In a process of its own: a child's peak counts from its parent's size on.
    const writer = [
      join(__dirname, 'writeEncoderGraph.js'),
      miniLmFolder,
      join(dir, 'encoder.onnx'),
    ];
    const { status } = spawnSync(process.execPath, writer, { stdio: 'inherit' });
    if (status !== 0) throw new Error('the graph could not be written; the reason stands above');
    const comparison = {
      bench: 'encoder forward',
      systemsOf: (work: Work) => systemsOf(dir, work),
      operationsOf: ({ rows, length }: Work) => forwardOperations(rows, length),
      also: (peers: Record<string, Peer>) => differences(dir, peers),
    };
    await compareShapes(comparison, process.argv.slice(2));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main();
