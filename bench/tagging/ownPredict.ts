import { openTagger, type TokenTagger } from '../../src/model-types/nlp-token/predict/tokenTagger';
import { characterOffsets } from '../../src/tagging/textOffsets';
import { typeOf } from './ruleNames';
import { writeAnswers } from './setFiles';
import type { TaggedPlace } from './taggedRow';
import { readTaggedSet } from './taggedSets';

/**
 * Finds the spans of a set's test part with a bundle, text by text, and writes them. Prints tokens a second, the
 * first time through and after it, as one JSON line.
 *
 *   node dist/bench/tagging/ownPredict.js BUNDLE SET ANSWERS.jsonl
 */
const measuredMs = 3000;

async function main(model: string, set: string, path: string): Promise<void> {
  const { test } = readTaggedSet(set);
  const texts = test.map(({ text }) => text);
  const words = test.reduce((sum, row) => sum + row.words.length, 0);
  const tagger = await openTagger(model);
  const begun = performance.now();
  const answers = await answersTo(texts, tagger);
  const first = performance.now() - begun;
  writeAnswers(path, answers);
  let passes = 0;
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  while (performance.now() - from < measuredMs) {
    await answersTo(texts, tagger);
    passes++;
  }
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await tagger.close();
  console.log(
    JSON.stringify({
      tokens: words,
      first_tokens_per_s: Math.round((words / first) * 1000),
      tokens_per_s: Math.round((words * passes) / seconds),
      tokens_per_cpu_s: Math.round((words * passes * 1e6) / (user + system)),
      predict_peak_mb: process.resourceUsage().maxRSS / 1024,
    }),
  );
}

async function answersTo(texts: string[], tagger: TokenTagger): Promise<TaggedPlace[][]> {
  const answers: TaggedPlace[][] = [];
  for (const text of texts) {
    const { spans } = await tagger.tag(text);
    const at = characterOffsets(text);
    answers.push(spans.map(({ start, end, tag }) => [at(start), at(end), typeOf(tag)]));
  }
  return answers;
}

main(process.argv[2]!, process.argv[3]!, process.argv[4]!).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
