/**
 * Our side of predict.ts: `node ownPredict.js BUNDLE TEXTS.json`, where the texts are an array of strings.
 * `one COUNT` predicts the next texts one by one and answers with a JSON list of milliseconds;
 * `many COUNT` predicts the next texts in one call and answers with its milliseconds;
 * `scores PATH` writes the probabilities of all texts as float32, texts × labels.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openPredictor } from '../../src/model-types/nlp-text/predict/predict';
import { answerLines } from '../support/answerLines';
import { timed } from '../support/statistics';

async function main([bundle, textFile]: string[]): Promise<void> {
  const texts = JSON.parse(readFileSync(textFile!, 'utf8')) as string[];
  const predictor = await openPredictor(bundle!);
  const { labels } = predictor;
  let next = 0;
  const following = (count: number): string[] =>
    Array.from({ length: count }, () => texts[next++ % texts.length]!);
  const predict = (wanted: string[]) => predictor.predict(wanted, { topK: 5, explain: false });
  await answerLines({
    async one(count) {
      const times: number[] = [];
      for (const text of following(Number(count))) times.push(await timed(() => predict([text])));
      return JSON.stringify(times);
    },
    many(count) {
      const wanted = following(Number(count));
      return timed(() => predict(wanted));
    },
    async scores(path) {
      const all = await predictor.predict(texts, { topK: labels.length, explain: false });
      const places = new Map(labels.map((label, i) => [label, i]));
      const scores = new Float32Array(texts.length * labels.length);
      for (const [row, { classes }] of all.entries()) {
        for (const { class: name, score } of classes)
          scores[row * labels.length + places.get(name)!] = score;
      }
      writeFileSync(path, scores);
      return path;
    },
  });
  await predictor.close();
}

void main(process.argv.slice(2));
