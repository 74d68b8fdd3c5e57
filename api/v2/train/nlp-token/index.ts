import type { TrainingRequest } from '../common/trainingRequest';
import { planNlpToken } from './plan';
import { nlpTokenBody } from './schema';

export const nlpToken: TrainingRequest<typeof nlpTokenBody> = {
  name: 'nlp-token',
  summary: 'Train a token classifier',
  body: nlpTokenBody,
  plan: async (body, { places, encoders }) => {
    const named = body.model_options?.encoder !== undefined;
    return planNlpToken(body, places, named ? await encoders() : []);
  },
};
