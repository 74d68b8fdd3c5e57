/**
 * Predictions of a token model over HTTP: a whole platform trains and deploys it, another process asks.
 *
 *   npm run build && node dist/bench/tagging/http.js [SET, default conll2003]
 *
 * Prints one JSON line per way of asking.
 */
import { Agent } from 'node:http';
import { cpus } from 'node:os';
import { ask } from '../serving/benchServer';
import { measureRate } from '../serving/measure';
import { type Platform, startPlatform } from '../support/platform';
import { emit } from '../support/statistics';
import { tagsOf, type TaggedSet } from './taggedRow';
import { readTaggedSet } from './taggedSets';
import { conllFile } from './trainingFile';

const batch = 100;
const patienceMs = 600_000;

interface Way {
  asked: string;
  callers: number;
  texts: number;
}

const ways: Way[] = [
  { asked: 'one sentence, 1 caller', callers: 1, texts: 1 },
  { asked: 'one sentence, 8 callers', callers: 8, texts: 1 },
  { asked: `${batch} sentences, 1 caller`, callers: 1, texts: batch },
  { asked: `${batch} sentences, 8 callers`, callers: 8, texts: batch },
];

async function main(name: string): Promise<void> {
  const set = readTaggedSet(name);
  const platform = await startPlatform();
  try {
    const model = await trainAndDeploy(platform, set);
    const texts = set.test.map(({ text }) => text);
    for (const way of ways) await measure(way, name, `/${model}/predict`, texts, platform);
  } finally {
    await platform.stop();
  }
}

async function trainAndDeploy({ client }: Platform, { train }: TaggedSet): Promise<string> {
  const path = await client.upload([conllFile(train)]);
  const { model_id } = await client.post<{ model_id: string }>('/api/v2/train/nlp-token', {
    model_name: 'tags',
    model_options: {
      target_labels: tagsOf(train),
      source_column: 'source',
      target_column: 'target',
    },
    data: { supervised_files: [{ path, location: 'upload' }] },
  });
  await client.waitForStatus(model_id, 'complete', patienceMs);
  await client.deploy(model_id);
  return model_id;
}

async function measure(
  { asked, callers, texts: count }: Way,
  set: string,
  path: string,
  texts: string[],
  { client }: Platform,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const some = (from: number): string[] =>
    Array.from({ length: count }, (_, i) => texts[(from * count + i) % texts.length]!);
  const figures = await measureRate(count, callers, (i) => {
    const body = count === 1 ? { text: some(i)[0] } : { texts: some(i) };
    return ask(`${client.url}${path}`, client.token!, agent, JSON.stringify(body));
  });
  const machine = `${cpus().length} cores, node ${process.version}`;
  emit({ bench: 'tagging over HTTP', set, asked, ...figures, machine });
  agent.destroy();
}

main(process.argv[2] ?? 'conll2003').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
