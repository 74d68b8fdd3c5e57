import { z } from 'zod';
import type { TextPrediction } from './predictor';
import type { PredictRequest } from './predictRequest';

const feature = z.object({ feature: z.string(), weight: z.number() });

const prediction = z.object({
  query_text: z.string(),
  predicted_classes: z.array(
    z.object({
      class: z.string(),
      score: z.number().meta({ description: 'A probability.' }),
      predicted: z
        .boolean()
        .optional()
        .meta({ description: 'Where a text may have many labels: whether this is one of them.' }),
      explanation: z
        .object({ for: z.array(feature), against: z.array(feature) })
        .optional()
        .meta({ description: 'With `explain`.' }),
    }),
  ),
});

/** The `data` of an answer to `predict`: one result for `text`, a list in the given order for `texts`. */
export const predictReply = z.object({
  prediction_results: z.union([prediction, z.array(prediction)]),
  time_taken: z.number().meta({ description: 'Seconds.' }),
});

/** `seconds`: what computing took. */
export function presentPredictions(
  request: PredictRequest,
  predictions: readonly TextPrediction[],
  seconds: number,
): z.input<typeof predictReply> {
  const results = predictions.map((prediction, i) => ({
    query_text: request.texts[i]!,
    predicted_classes: prediction.classes,
  }));
  return { prediction_results: request.many ? results : results[0]!, time_taken: seconds };
}
