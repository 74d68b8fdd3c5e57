import type { TrainingRequest } from '../common/trainingRequest';
import { planNlpText } from './plan';
import { nlpTextBody } from './schema';

export const nlpText: TrainingRequest<typeof nlpTextBody> = {
  name: 'nlp-text',
  summary: 'Train a text or document classifier',
  body: nlpTextBody,
  plan: async (body, { places, encoders }) => {
    const named = body.model_options?.encoder !== undefined;
    return planNlpText(body, places, named ? await encoders() : []);
  },
};
