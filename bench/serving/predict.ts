/**
 * What serving costs: latency of one text and texts per second, over HTTP from another process,
 * beside the predictor in this process and onnxruntime called bare on features made before.
 * Usage: npm run build && node dist/bench/serving/predict.js [set, default banking77]
 * Prints one JSON line per system and way of asking.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runTexts } from '../../src/model-types/nlp-text/batches';
import { openPredictor } from '../../src/model-types/nlp-text/predict';
import { openNgramScorer } from '../../src/model-types/nlp-text/scorer';
import { readTextSet } from '../accuracy/datasets';
import { runStages } from '../accuracy/localRun';
import { measureLatency, measureRate, type Figures } from './measure';

const batch = 1000;

interface Target {
  url: string;
  path: string;
  token: string;
}

async function main(name: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-serving-'));
  try {
    const set = readTextSet(name);
    const texts = set.test.map((row) => row.text);
    const { trainDir } = await runStages(join(dir, 'run'), set);
    await bare(name, join(trainDir, 'model'), texts);
    const server = spawn(process.execPath, [join(__dirname, 'server.js'), trainDir, dir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => server.once('exit', resolve));
    await overHttp(name, await targetOf(server), texts);
    server.stdin.end();
    await ended;
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

async function overHttp(name: string, target: Target, texts: string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const one = (i: number): Promise<void> =>
    ask(target, agent, { text: texts[i % texts.length], top_k: 5 });
  const many = (i: number): Promise<void> =>
    ask(target, agent, { texts: slice(texts, i, batch), top_k: 5 });
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

function ask({ url, path, token }: Target, agent: Agent, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(url + path, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}

async function targetOf(server: ChildProcess): Promise<Target> {
  for await (const line of createInterface({ input: server.stdout! })) {
    if (line.includes('"url"')) return JSON.parse(line) as Target;
  }
  throw new Error('the serving process ended before it was ready');
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
