import { z } from 'zod';
import { optionalBlank } from '../../../core/fields';

export const wholeNumber = z.number().int();

const at = (location: string) => ({ properties: { location: { const: location } } });
const pathThat = (is: object) => ({ properties: { path: is } });

/** One place to read training or test data from. */
const trainFile = z
  .object({
    path: z
      .string()
      .default('')
      .meta({ description: 'Upload id, `s3://bucket/prefix`, or a path.' }),
    location: z
      .string()
      .default('')
      .meta({ description: 'Where it is.', enum: ['upload', 's3', 'local'] }),
    source_id: z.string().nullish(),
    options: z.record(z.string(), z.unknown()).nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({
    allOf: [
      { if: at('upload'), then: pathThat({ format: 'uuid' }) },
      { if: at('s3'), then: pathThat({ pattern: '^s3://[a-z0-9][a-z0-9.-]+' }) },
      { if: at('local'), then: pathThat({ pattern: '^/' }) },
    ],
  });

const jobOptions = z.object({
  allocation_cores: optionalBlank(wholeNumber).meta({ description: 'Under 1 means 1.' }),
  allocation_memory: optionalBlank(wholeNumber).meta({ description: 'MiB; under 500 means 6800.' }),
});

/** What every training request may say. */
export const commonFields = {
  model_name: z.string().default('').meta({ description: 'Unique among your models.' }),
  base_model_id: optionalBlank(z.uuid()),
  data: z
    .object({
      supervised_files: z.array(trainFile).nullish(),
      test_files: z.array(trainFile).nullish(),
    })
    .nullish(),
  job_options: jobOptions.nullish(),
  seed: wholeNumber.nullish().meta({ description: 'Default 42.' }),
  holdout: z.number().nullish().meta({
    description: 'Share measured on before the refit on all rows; 0 for none. Default 0.1.',
  }),
  max_bad_rows: wholeNumber
    .nullish()
    .meta({ description: 'Bad rows or files to skip. Default: 1 % of the rows, at least 10.' }),
  cache: z
    .string()
    .nullish()
    .meta({ description: 'Default `use`.', enum: ['use', 'refresh', 'off', null] }),
  deploy_when_complete: z.boolean().nullish().meta({ description: 'Default false.' }),
};

/** In `model_options`: how files of rows are written. */
export const formatFields = {
  delimiter: optionalBlank(z.string()).meta({
    description:
      'Field separator, one character. Default: what a first line `sep=` names, else a tab for `.tsv`, else `,`.',
  }),
  quote: z.string().nullish().meta({
    description: 'Opens and closes a cell, one character; `""` for none. Default `"`.',
  }),
  escape: optionalBlank(z.string()).meta({
    description:
      'Stands before a quote inside quotes, one character. Default: the quote itself, or a backslash in rows that are only right so.',
  }),
  charset: optionalBlank(z.string()).meta({
    description:
      'Of files that are not UTF-8, by a name of the WHATWG table or of a DOS or Mac page. Default: guessed, one for all files.',
  }),
};

/** In `model_options`: a pretrained encoder to train from. */
export const encoderFields = {
  encoder: optionalBlank(z.string()).meta({
    description:
      'Name of a pretrained encoder to train from; `GET /encoders` lists them. Default: none, features of words.',
  }),
  training: optionalBlank(z.string()).meta({
    description:
      'With an encoder: `frozen` learns a head on its embeddings, `full` all its weights. Default `frozen`.',
  }),
  max_length: optionalBlank(wholeNumber).meta({
    description: 'Tokens that the encoder sees at once. Default: what its authors recommend.',
  }),
};

/** The same, and what matters to whole texts only. */
export const textEncoderFields = {
  ...encoderFields,
  long_texts: optionalBlank(z.string()).meta({
    description:
      'Longer texts: `window` reads all of them, `truncate` the start. Default `window`.',
  }),
  quantize: optionalBlank(z.boolean()).meta({
    description: 'Weights as int8 where that costs next to no quality. Default false.',
  }),
};

/** In `train_options`: how measuring rows are chosen. */
export const splitFields = {
  test_split: optionalBlank(z.number()).meta({
    description: 'Share of rows put aside as the test set, when there are no test files.',
  }),
};

export type CommonBody = z.output<z.ZodObject<typeof commonFields>>;
export type FormatOptions = z.output<z.ZodObject<typeof formatFields>>;
export type EncoderOptions = Partial<z.output<z.ZodObject<typeof textEncoderFields>>>;
