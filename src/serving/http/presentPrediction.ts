import type { TextPrediction } from '../../model-types/nlp-text/predictor';
import type { PredictRequest } from './predictRequest';

/** The `data` of an answer to `predict`. `seconds`: what computing took. */
export function presentPredictions(
  request: PredictRequest,
  predictions: TextPrediction[],
  seconds: number,
): object {
  const results = predictions.map((prediction, i) => ({
    query_text: request.texts[i],
    predicted_classes: prediction.classes,
  }));
  return { prediction_results: request.many ? results : results[0], time_taken: seconds };
}
