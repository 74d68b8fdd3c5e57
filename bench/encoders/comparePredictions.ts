import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '../../src/model-types/nlp-text/bundle/bundle';
import { topClasses } from '../../src/classification/topClasses';
import type { Row } from '../accuracy/datasets';
import { type Peer, startPeer } from '../support/peer';
import { emit, latency } from '../support/statistics';
import { farthest, readFloats } from './floats';

/** Something to ask of a system again and again; the answer is milliseconds, one number or a list. */
interface Question {
  system: string;
  asked: string;
  peer: Peer;
  line: string;
  /** Texts that each of the milliseconds stand for. */
  texts: number;
}

const own = 'trainyard';
const other = 'onnxruntime and tokenizers in Python';

/**
 * Measures predictions of the bundle in the folder `bundle`, in turn round by round. Prints a JSON line
 * for each system and way of asking: p50 and p99 of a call in milliseconds, and texts per second at the
 * median. Then one for each system: accuracy on all texts, peak memory of its process, and how far its
 * probabilities lie from ours.
 *
 * @param dir a folder for files between the processes
 */
export async function comparePredictions(
  bundle: string,
  rows: readonly Row[],
  rounds: number,
  dir: string,
): Promise<void> {
  const { precision, labels } = readManifest(bundle);
  const common = { bench: 'encoder predict', precision, threads: 1 };
  const peers = startPeers(bundle, writeTexts(dir, rows));
  await ask(peers, rounds, (result) => emit({ ...common, ...result }));

  let ours: Float32Array | undefined;
  for (const [system, peer] of peers) {
    const path = join(dir, 'scores.f32');
    await peer.ask(`scores ${path}`);
    const scores = readFloats(path);
    const first = firstLabels(scores, labels);
    ours ??= scores;
    const ourFirst = firstLabels(ours, labels);
    emit({
      ...common,
      system,
      texts: rows.length,
      accuracy: count(rows, (row, i) => row.label === first[i]) / rows.length,
      peak_mb: Math.round(Number(await peer.ask('peak'))),
      farthest_from_ours: farthest(ours, scores),
      first_labels_not_ours: count(first, (label, i) => label !== ourFirst[i]),
    });
    await peer.stop();
  }
}

function writeTexts(dir: string, rows: readonly Row[]): string {
  const path = join(dir, 'texts.json');
  writeFileSync(path, JSON.stringify(rows.map(({ text }) => text)));
  return path;
}

/** Ours first. */
function startPeers(bundle: string, texts: string): Map<string, Peer> {
  const script = join(__dirname, 'ownPredict.js');
  const peers = new Map([[own, startPeer({ line: [process.execPath, script, bundle, texts] })]]);
  const python = process.env['TRAINYARD_BENCH_PYTHON'];
  if (python !== undefined) {
    const line = [python, join('bench', 'peers', 'predict_onnxruntime.py'), bundle, texts] as const;
    peers.set(other, startPeer({ line: [...line] }));
  }
  return peers;
}

async function ask(
  peers: ReadonlyMap<string, Peer>,
  rounds: number,
  report: (result: Record<string, unknown>) => void,
): Promise<void> {
  const questions: Question[] = [];
  for (const [system, peer] of peers) {
    const add = (asked: string, texts: number, line: string): unknown =>
      questions.push({ system, asked, peer, line, texts });
    add('one text', 1, 'one 300');
    if (system === own) add('1000 texts a call', 1000, 'many 1000');
    else {
      add('1000 texts a call, 64 a batch', 1000, 'many 1000 64');
      add('1000 texts a call, 1 a batch', 1000, 'many 1000 1');
    }
  }
  const times = questions.map((): number[] => []);
  // The round before the first warms up.
  for (let round = -1; round < rounds; round++) {
    for (const [i, { peer, line }] of questions.entries()) {
      const found = JSON.parse(await peer.ask(line)) as number | number[];
      if (round >= 0) times[i]!.push(...[found].flat());
    }
  }
  for (const [i, { system, asked, texts }] of questions.entries()) {
    const { p50, p99, n } = latency(times[i]!);
    const texts_per_second = Math.round((1000 * texts) / p50);
    report({ system, asked, p50_ms: p50, p99_ms: p99, calls: n, texts_per_second });
  }
}

function firstLabels(scores: Float32Array, labels: readonly string[]): string[] {
  return Array.from({ length: scores.length / labels.length }, (_, row) => {
    const own = scores.subarray(row * labels.length, (row + 1) * labels.length);
    return labels[topClasses(own, 1)[0]!]!;
  });
}

function count<T>(items: readonly T[], wanted: (item: T, i: number) => boolean): number {
  return items.filter(wanted).length;
}
