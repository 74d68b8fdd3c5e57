import type { Encoder } from '../../../../src/database/models/encoders';
import type { JobOptions, RunData, RunSource } from '../../../../src/database/runs/runs';
import { defaultOptions, type NlpTextOptions } from '../../../../src/model-types/nlp-text/options';
import type { EncoderChoice } from '../../../../src/encoder-learning/encoderChoice';
import { TrainyardError } from '../../../../src/errors';
import { planSources, type Places, type Remarks } from '../sources';
import { planEncoder, planSteps } from './planEncoder';
import { planFormat } from './planFormat';
import { unusedOptions } from './unusedOptions';
import type { NlpTextBody } from './schema';

/** What a request asks for, with every default filled in. */
export interface TrainingPlan {
  name: string;
  type: 'nlp-text' | 'nlp-doc';
  baseModelId: string | null;
  /** Absent with a base model, whose own options then count. */
  options: NlpTextOptions;
  encoder: EncoderChoice | null;
  data: RunData;
  job: JobOptions;
  /** Options that change nothing, told to the caller. */
  warnings: string[];
}

const DEFAULT_MEMORY_MB = 6800;
const LEAST_MEMORY_MB = 500;

/** @throws TrainyardError 422 with everything that is wrong, one line each. */
export function planNlpText(
  body: NlpTextBody,
  places: Places,
  encoders: readonly Encoder[],
): TrainingPlan {
  const errors: string[] = [];
  const check = (holds: boolean, message: string) => {
    if (!holds) errors.push(message);
  };
  const type = body.doc_classification ? 'nlp-doc' : 'nlp-text';
  const name = body.model_name;
  check(name !== '', 'model_name must be specified');
  check(name.length <= 100, `model_name has ${name.length} characters, allowed are 100`);
  check(!name.includes('\0'), 'model_name must not contain NUL characters');
  const options = planOptions(body, encoders, check);
  const remarks = { errors, warnings: unusedOptions(body) };
  const sources = planData(body, places, remarks);
  const cache = body.cache ?? 'use';
  check(isCacheMode(cache), `cache is "${cache}", allowed are "use", "refresh" and "off"`);
  if (errors.length > 0) {
    throw new TrainyardError(
      'config',
      'invalid_options',
      `unable to start ${type} training, found the following errors: ${errors.join('\n')}`,
    );
  }
  return {
    name,
    type,
    baseModelId: body.base_model_id ?? null,
    options,
    encoder: options.encoder,
    data: {
      sources,
      cache: cache as RunData['cache'],
      deploy_when_complete: body.deploy_when_complete ?? false,
    },
    job: planJob(body),
    warnings: remarks.warnings,
  };
}

/** Notes what is wrong with a request. */
export type Check = (holds: boolean, message: string) => void;

function planOptions(
  body: NlpTextBody,
  encoders: readonly Encoder[],
  check: Check,
): NlpTextOptions {
  const given = body.model_options;
  const doc = body.doc_classification ?? false;
  if (body.base_model_id === undefined) {
    check(doc || given?.text_column !== undefined, 'model_options.text_column must be specified');
    check(doc || given?.label_column !== undefined, 'model_options.label_column must be specified');
    check(
      (given?.n_target_classes ?? 0) > 0,
      'model_options.n_target_classes must be specified and greater than 0',
    );
  } else {
    check(!given, 'model_options must not be given with base_model_id: the base model has them');
  }
  const labelDelimiter = given?.label_delimiter ?? null;
  // A label may hold neither, so a cell that such a delimiter cuts would be a bad one.
  check(
    !['\0', '\u001f'].some((mark) => labelDelimiter?.includes(mark)),
    `model_options.label_delimiter is ${JSON.stringify(labelDelimiter)}, allowed is anything without the control characters U+0000 and U+001F`,
  );
  const epochs = body.train_options?.epochs ?? null;
  check(
    epochs === null || (epochs > 0 && epochs <= 10_000),
    `train_options.epochs is ${String(epochs)}, allowed are 1 to 10000`,
  );
  const split = body.train_options?.test_split ?? null;
  check(
    split === null || (split > 0 && split < 1),
    `train_options.test_split is ${String(split)}, allowed is more than 0 and less than 1`,
  );
  const holdout = body.holdout ?? defaultOptions.holdout;
  check(holdout >= 0 && holdout < 1, `holdout is ${holdout}, allowed is 0 or more and less than 1`);
  const seed = body.seed ?? defaultOptions.seed;
  check(seed >= 0 && seed < 2 ** 32, `seed is ${seed}, allowed are 0 to 4294967295`);
  const maxBadRows = body.max_bad_rows ?? null;
  check(
    maxBadRows === null || maxBadRows >= 0,
    `max_bad_rows is ${String(maxBadRows)}, allowed is 0 or more`,
  );
  return {
    doc_classification: doc,
    text_column: given?.text_column ?? defaultOptions.text_column,
    label_column: given?.label_column ?? defaultOptions.label_column,
    n_target_classes: given?.n_target_classes ?? null,
    ...planFormat(given, check),
    label_delimiter: labelDelimiter,
    epochs,
    test_split: split,
    holdout,
    seed,
    encoder: planEncoder(body, encoders, check),
    ...planSteps(body, check),
    max_bad_rows: maxBadRows,
  };
}

function planData(body: NlpTextBody, places: Places, remarks: Remarks): RunSource[] {
  const train = body.data?.supervised_files ?? [];
  if (train.length === 0) remarks.errors.push('data.supervised_files must hold at least one file');
  return [
    ...planSources(train, 'train', places, remarks),
    ...planSources(body.data?.test_files ?? [], 'test', places, remarks),
  ];
}

function planJob(body: NlpTextBody): JobOptions {
  const cores = body.job_options?.allocation_cores ?? 1;
  const memory = body.job_options?.allocation_memory ?? DEFAULT_MEMORY_MB;
  return {
    allocation_cores: Math.max(1, cores),
    allocation_memory: memory < LEAST_MEMORY_MB ? DEFAULT_MEMORY_MB : memory,
  };
}

function isCacheMode(mode: string): mode is RunData['cache'] {
  return mode === 'use' || mode === 'refresh' || mode === 'off';
}
