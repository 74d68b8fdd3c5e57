import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { miniLmChoice, miniLmFolder } from '../encoders/miniLmFolder';
import { runStages, type StagesRun } from '../../src/model-types/nlp-token/testing/runStages';
import { ruleNames, withRuleNames } from './ruleNames';
import { modelFolder } from './setFiles';
import { tagsOf, type TaggedRow } from './taggedRow';
import { readTaggedSet } from './taggedSets';
import { annotationsFile, conllFile } from './trainingFile';

/**
 * Trains `nlp-token` on a set in this process, then measures the bundle in another (ownPredict.ts). Prints one
 * JSON line, and writes the spans that were found.
 *
 *   node dist/bench/tagging/own.js fast|rules|'fast and rules'|frozen|'full EPOCHS' SET ANSWERS.jsonl
 *
 * `fast` has tags named as the set names them, so no rule has a part; `rules` has only tags that have one;
 * `fast and rules` has all, those that have a rule by its name.
 */
async function main(system: string, set: string, answers: string): Promise<void> {
  const { train } = readTaggedSet(set);
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bench-'));
  try {
    const before = process.cpuUsage();
    const run = await trainModel(dir, system, set, train);
    const { user, system: kernel } = process.cpuUsage(before);
    const peak = process.resourceUsage().maxRSS / 1024;
    const model = modelFolder(set, system);
    rmSync(model, { recursive: true, force: true });
    cpSync(join(dir, 'train', 'model'), model, { recursive: true });
    const { passes } = JSON.parse(readFileSync(join(dir, 'train', 'train.json'), 'utf8')) as {
      passes: number;
    };
    const { extract = 0, preprocess = 0, train: fit = 0 } = run.seconds;
    const trained = {
      system: `trainyard ${system}`,
      train_s: extract + preprocess + fit,
      train_cpu_s: (user + kernel) / 1e6,
      stages_s: run.seconds,
      ...(system === 'rules' ? {} : { passes }),
      train_peak_mb: peak,
      model_mb: run.evaluation.model.bytes / 1e6,
      parameters: run.evaluation.model.parameters,
    };
    console.log(JSON.stringify({ ...trained, ...predict(model, set, answers) }));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** All train rows are trained on: none is put aside to measure with. */
function trainModel(
  dir: string,
  system: string,
  set: string,
  rows: TaggedRow[],
): Promise<StagesRun> {
  if (system === 'rules') return runStages(dir, [], { target_labels: Object.values(ruleNames) });
  const train = system === 'fast and rules' ? withRuleNames(rows) : rows;
  const file = set.startsWith('pii') ? annotationsFile(train) : conllFile(train);
  const options = { target_labels: tagsOf(train), holdout: 0 };
  const [training, epochs] = system.split(' ');
  if (training !== 'frozen' && training !== 'full') return runStages(dir, [file], options);
  const encoder = { ...miniLmChoice(training, false), max_length: 128 };
  const chosen = { ...options, encoder, epochs: epochs === undefined ? null : Number(epochs) };
  return runStages(dir, [file], chosen, {
    encoder: resolve(miniLmFolder),
    cores: availableParallelism(),
  });
}

function predict(model: string, set: string, answers: string): object {
  const args = [join(__dirname, 'ownPredict.js'), model, set, answers];
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as object;
}

main(process.argv[2]!, process.argv[3]!, process.argv[4]!).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
