import { z } from 'zod';
import { optionalBlank } from '../../../core/fields';
import {
  commonFields,
  encoderFields,
  formatFields,
  splitFields,
  wholeNumber,
} from '../common/fields';

const modelOptions = z.object({
  target_labels: z.array(z.string()).nullish().meta({
    description:
      'The tags to find. Those with a rule, such as `EMAIL` and `IBAN`, need no training data; see docs/training-token.md.',
  }),
  source_column: optionalBlank(z.string()).meta({
    description: 'Of the tokens, between white space; in JSON Lines also a list.',
  }),
  target_column: optionalBlank(z.string()).meta({
    description: 'Of their tags, between white space; in JSON Lines also a list.',
  }),
  default_tag: optionalBlank(z.string()).meta({
    description: 'Of tokens that have no tag. Default `O`.',
  }),
  tokens: optionalBlank(z.string()).meta({
    description:
      'What gets a tag: `whitespace` or `words`, which cuts signs off. Default: `words` when the training data has spans by characters.',
  }),
  ...formatFields,
  ...encoderFields,
});

const trainOptions = z.object({
  epochs: optionalBlank(wholeNumber).meta({ description: 'Passes. Default: the trainer chooses.' }),
  learning_rate: optionalBlank(z.number()).meta({
    description: 'Of training `full` with an encoder.',
  }),
  batch_size: optionalBlank(wholeNumber).meta({
    description: 'Of training `full` with an encoder.',
  }),
  max_in_memory_batches: optionalBlank(wholeNumber),
  ...splitFields,
});

/** The body of `POST /train/nlp-token`; values and their combinations are checked by `planNlpToken`. */
export const nlpTokenBody = z
  .object({
    ...commonFields,
    model_options: modelOptions.nullish(),
    train_options: trainOptions.nullish(),
  })
  .meta({
    example: {
      model_name: 'names',
      model_options: {
        target_labels: ['NAME', 'EMAIL'],
        source_column: 'source',
        target_column: 'target',
      },
      data: {
        supervised_files: [{ path: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b', location: 'upload' }],
      },
    },
  });

export type NlpTokenBody = z.output<typeof nlpTokenBody>;
