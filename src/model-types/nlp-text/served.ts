import { z } from 'zod';
import type { ActionRequest, RefusedBody, ServedModel } from '../contract/servedModel';
import {
  manyPredictRequest,
  onePredictRequest,
  parsePredictRequest,
  predictLimits,
} from './predict/predictRequest';
import type { TextPrediction } from './predict/predictor';
import { predictReply, presentPredictions } from './predict/presentPrediction';

/** What a deployed text classifier answers. */
export const served: ServedModel = {
  actions: {
    predict: {
      summary: 'Classify a text, or many in one call',
      description: 'The most probable classes, best first.',
      needs: 'read',
      changesNothing: true,
      body: z.union([onePredictRequest, manyPredictRequest]),
      reply: predictReply,
      maxBodyBytes: predictLimits.bodyBytes,
      parse: parsePredict,
    },
  },
  async open(folder) {
    const { openPredictor } = await import('./predict/predict.js');
    const predictor = await openPredictor(folder);
    return {
      run: (_, texts, options, signal) =>
        predictor.predict(texts as string[], { ...(options as unknown as PredictOptions), signal }),
      close: () => predictor.close(),
    };
  },
};

/** What every text of a request is classified with. */
interface PredictOptions {
  topK: number;
  explain: boolean;
}

function parsePredict(body: unknown): ActionRequest | RefusedBody {
  const request = parsePredictRequest(body);
  if ('detail' in request) return request;
  const { texts, topK, explain } = request;
  return {
    items: texts,
    sizeOf: (text) => (text as string).length,
    options: { topK, explain } satisfies PredictOptions,
    long: explain,
    present: (results, seconds) =>
      presentPredictions(request, results as TextPrediction[], seconds),
    count: () => ({
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      tokensIdentified: 0,
    }),
  };
}
