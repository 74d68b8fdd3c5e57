import { thresholdsOf } from '../bundle/bundleManifest';
import type { TextPrediction, TextPredictor } from './predictor';
import { openScorer } from './scorer';
import { topClasses } from '../../../classification/topClasses';

/**
 * Opens the bundle in the folder `dir` for predictions. The folder is not needed afterwards.
 *
 * Texts of one call are run in batches of about the same length. A text's scores may differ in their
 * last bits between calls: a batch is padded to its longest text, which changes the order of sums.
 */
export async function openPredictor(dir: string): Promise<TextPredictor> {
  const scorer = await openScorer(dir);
  const { labels } = scorer.manifest;
  const thresholds = thresholdsOf(scorer.manifest);
  return {
    labels,
    async predict(texts, { topK, explain, signal }) {
      const predictions = new Array<TextPrediction>(texts.length);
      await scorer.score(
        texts,
        (i, probabilities) => {
          const best = topClasses(probabilities, topK);
          predictions[i] = {
            classes: best.map((label) => {
              const score = probabilities[label]!;
              const found = { class: labels[label]!, score };
              return thresholds ? { ...found, predicted: score >= thresholds[label]! } : found;
            }),
          };
        },
        signal,
      );
      if (!explain) return predictions;
      const numbers = new Map(labels.map((label, i) => [label, i]));
      for (const [i, { classes }] of predictions.entries()) {
        const wanted = classes.map((found) => numbers.get(found.class)!);
        const explanations = await scorer.explain(texts[i]!, wanted, signal);
        classes.forEach((found, c) => (found.explanation = explanations[c]!));
      }
      return predictions;
    },
    close: () => scorer.close(),
  };
}
