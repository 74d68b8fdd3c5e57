import { z } from 'zod';
import { commonFields, wholeNumber } from '../common/fields';
import { planTraining } from '../common/planTraining';
import type { TrainingRequest } from '../common/trainingRequest';

const body = z.object({
  ...commonFields,
  text_column: z.string().default('text'),
  label_column: z.string().default('label'),
  train_ms: wholeNumber.default(0),
});

export const meanLength: TrainingRequest<typeof body> = {
  name: 'mean-length',
  summary: 'Train a classifier by length',
  body,
  plan: (given, { places }) => {
    const { text_column, label_column, train_ms } = given;
    const kind = {
      type: 'mean-length',
      options: () => ({ text_column, label_column, train_ms }),
      warnings: [],
    };
    return Promise.resolve(planTraining(given, places, kind));
  },
};
