import type { TrainingRequest } from '../common/trainingRequest';
import { planNlpToken } from './plan';
import { nlpTokenBody } from './schema';

export const nlpToken: TrainingRequest<typeof nlpTokenBody> = {
  name: 'nlp-token',
  summary: 'Train a token classifier',
  body: nlpTokenBody,
  plan: (body, { places }) => Promise.resolve(planNlpToken(body, places)),
};
