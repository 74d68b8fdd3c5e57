import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextEmbedder } from '../../src/encoder-learning/embeddings/textEmbedder';
import { readTextSet, type Row } from '../accuracy/datasets';
import { miniLmFolder, reading } from './miniLmFolder';

/**
 * scikit-learn's LogisticRegression on the embeddings that our frozen training learns from:
 *
 *   node dist/bench/encoders/embeddingLogreg.js PYTHON SET TRAIN.jsonl TEST.jsonl
 *
 * The files hold the same rows as SET. Prints the peer's JSON line.
 */
const [python = 'python3', set = 'banking77', ...files] = process.argv.slice(2);

async function embedRows(embedder: TextEmbedder, rows: Row[]): Promise<Float32Array> {
  const texts = rows.map((row) => row.text);
  return (await embedder.embed(texts, () => Promise.resolve())).embeddings;
}

async function main(): Promise<void> {
  const { train, test } = readTextSet(set);
  const embedder = await TextEmbedder.open(miniLmFolder, reading, { threads: 2, memoryMb: 4096 });
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const paths = [join(dir, 'train.f32'), join(dir, 'test.f32')];
    writeFileSync(paths[0]!, await embedRows(embedder, train));
    writeFileSync(paths[1]!, await embedRows(embedder, test));
    await embedder.close();
    const script = join(process.cwd(), 'bench', 'peers', 'embedding_logreg.py');
    const { status } = spawnSync(python, [script, ...paths, ...files], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

void main();
