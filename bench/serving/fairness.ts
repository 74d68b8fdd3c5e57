/**
 * What a caller of one model waits for a single prediction while others ask another model for as much
 * as one call may hold: 10,000 texts with `explain`, of an encoder and of the fast model, by one caller,
 * and 10,000 texts without it, by 16 callers.
 * Usage: npm run build && node dist/bench/serving/fairness.js
 * The encoder lies in TRAINYARD_ENCODERS (default `../shared/encoders`). Prints one JSON line per case.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStages } from '../accuracy/localRun';
import { readTextSet } from '../accuracy/datasets';
import { runEncoderStages } from '../encoders/localRun';
import { miniLmChoice, miniLmFolder } from '../encoders/miniLmFolder';
import { defaultOptions } from '../../src/model-types/nlp-text/options';
import { emit } from '../support/statistics';
import { ask, startBenchServer, type BenchServer } from './benchServer';
import { measureLatency } from './measure';

const textsOfOneCall = 10_000;
/** Enough for a model that answers; what it answers is not measured here. */
const encoderRows = 400;
const settlingMs = 2000;

/** What others do meanwhile, for the process that does it. */
export interface Load {
  url: string;
  tokens: string[];
  body: string;
}

interface Case {
  name: string;
  model?: 'encoder' | 'fast';
  callers: number;
  explain: boolean;
}

const cases: Case[] = [
  { name: 'nobody else', callers: 0, explain: false },
  { name: '1 caller, explain, encoder', model: 'encoder', callers: 1, explain: true },
  { name: '1 caller, explain, fast', model: 'fast', callers: 1, explain: true },
  { name: '16 callers, predict, encoder', model: 'encoder', callers: 16, explain: false },
  { name: '16 callers, predict, fast', model: 'fast', callers: 16, explain: false },
];

async function main(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-fairness-'));
  try {
    const set = readTextSet('banking77');
    const { trainDir } = await runStages(join(dir, 'fast'), set);
    const some = { train: set.train.slice(0, encoderRows), test: set.test.slice(0, 50) };
    const options = {
      ...defaultOptions,
      label_column: 'label',
      encoder: miniLmChoice('frozen', false),
    };
    const encoder = await runEncoderStages(join(dir, 'encoder'), some, options, miniLmFolder);
    const models = { quick: trainDir, fast: trainDir, encoder: encoder.folder('train') };
    const texts = set.test.map((row) => row.text);
    for (const each of cases) {
      const home = mkdtempSync(join(dir, 'home-'));
      const server = await startBenchServer(home, 17, models);
      await measure(each, server, texts);
      await server.stop();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(
  { name, model, callers, explain }: Case,
  server: BenchServer,
  texts: string[],
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const mine = server.tokens[0]!;
  const one = (i: number): Promise<void> => {
    const body = JSON.stringify({ text: texts[i % texts.length], top_k: 5 });
    return ask(`${server.url}/quick/predict`, mine, agent, body);
  };
  await one(0);
  const many = Array.from({ length: textsOfOneCall }, (_, i) => texts[i % texts.length]);
  const load = fork(join(__dirname, 'load.js'));
  load.send({
    url: `${server.url}/${model ?? 'fast'}/predict`,
    tokens: server.tokens.slice(1, 1 + callers),
    body: JSON.stringify({ texts: many, top_k: 5, explain }),
  } satisfies Load);
  await new Promise((resolve) => setTimeout(resolve, settlingMs));
  const figures = await measureLatency(one);
  const answered = await stopLoad(load);
  emit({
    bench: 'fairness',
    meanwhile: name,
    ...figures,
    long_calls_answered: answered,
    machine: `${cpus().length} cores, node ${process.version}`,
  });
  agent.destroy();
}

/** @returns how many calls of the others were answered until now */
async function stopLoad(load: ReturnType<typeof fork>): Promise<number> {
  const answered = new Promise<number>((resolve) =>
    load.once('message', (count) => resolve(count as number)),
  );
  load.send('stop');
  return answered;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
