import { z } from 'zod';
import { optionalBlank } from '../../../core/fields';
import {
  commonFields,
  textEncoderFields,
  formatFields,
  splitFields,
  wholeNumber,
} from '../common/fields';

const modelOptions = z.object({
  text_column: optionalBlank(z.string()),
  label_column: optionalBlank(z.string()),
  n_target_classes: optionalBlank(wholeNumber).meta({
    description: 'The most labels the model may ever know; more than 0.',
  }),
  ...formatFields,
  label_delimiter: optionalBlank(z.string()).meta({
    description:
      'Separates several labels in one cell; the model then answers each label by itself.',
  }),
  ...textEncoderFields,
});

const trainOptions = z.object({
  epochs: optionalBlank(wholeNumber).meta({
    description: 'Most passes. Default: the trainer chooses.',
  }),
  learning_rate: optionalBlank(z.number()).meta({
    description: 'Of training `full` with an encoder.',
  }),
  batch_size: optionalBlank(wholeNumber).meta({
    description: 'Of training `full` with an encoder.',
  }),
  max_in_memory_batches: optionalBlank(wholeNumber),
  ...splitFields,
});

/** The body of `POST /train/nlp-text`; values and their combinations are checked by `planNlpText`. */
export const nlpTextBody = z
  .object({
    ...commonFields,
    doc_classification: z
      .boolean()
      .nullish()
      .meta({ description: 'Each file is a document; its folder is its class.' }),
    model_options: modelOptions.nullish(),
    train_options: trainOptions.nullish(),
  })
  .meta({
    example: {
      model_name: 'reviews',
      model_options: { text_column: 'text', label_column: 'label', n_target_classes: 2 },
      data: {
        supervised_files: [{ path: '7b0f3ef0-1d2c-4c6e-9b0b-8d6f1d1f2a3b', location: 'upload' }],
      },
    },
  });

export type NlpTextBody = z.output<typeof nlpTextBody>;
