import type { Encoder } from '../../../../src/database/models/encoders';
import { defaultOptions, type NlpTextOptions } from '../../../../src/model-types/nlp-text/options';
import type { NewTraining } from '../../../../src/training/createTraining';
import { planEncoder, planSteps } from '../common/planEncoder';
import { planFormat } from '../common/planFormat';
import { planSplit } from '../common/planSplit';
import { planTraining } from '../common/planTraining';
import type { Check } from '../common/remarks';
import type { Places } from '../common/sources';
import { unusedOptions } from '../common/unusedOptions';
import type { NlpTextBody } from './schema';

/** @throws TrainyardError 422 with everything that is wrong, one line each. */
export function planNlpText(
  body: NlpTextBody,
  places: Places,
  encoders: readonly Encoder[],
): NewTraining {
  return planTraining(body, places, {
    type: body.doc_classification ? 'nlp-doc' : 'nlp-text',
    options: (check) => planOptions(body, encoders, check),
    warnings: unusedOptions(body),
  });
}

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
  const split = planSplit(body, body.train_options?.test_split ?? null, defaultOptions, check);
  return {
    doc_classification: doc,
    text_column: given?.text_column ?? defaultOptions.text_column,
    label_column: given?.label_column ?? defaultOptions.label_column,
    n_target_classes: given?.n_target_classes ?? null,
    ...planFormat(given, check),
    label_delimiter: labelDelimiter,
    epochs,
    ...split,
    encoder: planEncoder(given, encoders, check),
    ...planSteps(given, body.train_options, check),
  };
}
