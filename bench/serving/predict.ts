/**
 * What serving costs: latency of one text and texts per second, over HTTP from another process,
 * beside the predictor in this process and onnxruntime called bare on features made before.
 * Usage: npm run build && node dist/bench/serving/predict.js [set, default banking77]
 * Prints one JSON line per system and way of asking.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTexts } from '../../src/model-types/nlp-text/bundle/batches';
import { openPredictor } from '../../src/model-types/nlp-text/predict/predict';
import { openNgramScorer } from '../../src/model-types/nlp-text/predict/scorer';
import { readTextSet } from '../accuracy/datasets';
import { runStages } from '../accuracy/localRun';
import { ask, startBenchServer, type BenchServer } from './benchServer';
import { measureLatency, measureRate, type Figures } from './measure';

const batch = 1000;

async function main(name: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-serving-'));
  try {
    const set = readTextSet(name);
    const texts = set.test.map((row) => row.text);
    const { trainDir } = await runStages(join(dir, 'run'), set);
    await bare(name, join(trainDir, 'model'), texts);
    const server = await startBenchServer(dir, 1, { bench: trainDir });
    await overHttp(name, server, texts);
    await server.stop();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** In this process, on one thread: onnxruntime alone, and with making features of the texts. */
async function bare(name: string, model: string, texts: string[]): Promise<void> {
  const scorer = await openNgramScorer(model);
  const features = texts.map((text) => scorer.vectorizer.vectorize(text));
  const score = (from: number, count: number): Promise<void> =>
    runTexts(scorer.graph, slice(features, from, count), () => undefined);
  report(
    name,
    'onnxruntime, features made before',
    'one text',
    await measureLatency((i) => score(i, 1)),
  );
  report(
    name,
    'onnxruntime, features made before',
    `${batch} texts a call`,
    await measureRate(batch, 1, (i) => score(i, batch)),
  );
  await scorer.close();

  const predictor = await openPredictor(model);
  const predict = async (from: number, count: number): Promise<void> => {
    await predictor.predict(slice(texts, from, count), { topK: 5, explain: false });
  };
  report(name, 'predictor in process', 'one text', await measureLatency((i) => predict(i, 1)));
  report(
    name,
    'predictor in process',
    `${batch} texts a call`,
    await measureRate(batch, 1, (i) => predict(i, batch)),
  );
  await predictor.close();
}

async function overHttp(name: string, server: BenchServer, texts: string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const post = (body: object): Promise<void> =>
    ask(`${server.url}/bench/predict`, server.tokens[0]!, agent, JSON.stringify(body));
  const one = (i: number): Promise<void> => post({ text: texts[i % texts.length], top_k: 5 });
  const many = (i: number): Promise<void> => post({ texts: slice(texts, i, batch), top_k: 5 });
  report(name, 'trainyard over HTTP', 'one text', await measureLatency(one));
  report(name, 'trainyard over HTTP', 'one text, 32 clients', await measureRate(1, 32, one));
  report(name, 'trainyard over HTTP', `${batch} texts a call`, await measureRate(batch, 1, many));
  report(
    name,
    'trainyard over HTTP',
    `${batch} texts a call, 2 clients`,
    await measureRate(batch, 2, many),
  );
  agent.destroy();
}

function slice<T>(items: T[], from: number, count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[(from + i) % items.length]!);
}

function report(set: string, system: string, asked: string, figures: Figures): void {
  const machine = `${cpus().length} cores, node ${process.version}`;
  process.stdout.write(
    `${JSON.stringify({ bench: 'predict', set, system, asked, ...figures, machine })}\n`,
  );
}

main(process.argv[2] ?? 'banking77').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
