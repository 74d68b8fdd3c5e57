import { canonicalName } from '../../../../src/data/names';
import type { Encoder } from '../../../../src/database/models/encoders';
import {
  defaultOptions,
  type NlpTokenOptions,
} from '../../../../src/model-types/nlp-token/options';
import { isRuleTag } from '../../../../src/tagging/rules';
import { tokenUnits, type TokenUnit } from '../../../../src/tagging/tokens';
import type { NewTraining } from '../../../../src/training/createTraining';
import { planEncoder, planSteps } from '../common/planEncoder';
import { planFormat } from '../common/planFormat';
import { planSplit } from '../common/planSplit';
import { planTraining } from '../common/planTraining';
import type { Check } from '../common/remarks';
import type { Places } from '../common/sources';
import { unusedOptions } from '../common/unusedOptions';
import type { NlpTokenBody } from './schema';

/** Tags of one model: each is two labels, and the trainer's time grows with their square. */
const maxTags = 500;
const maxTagLength = 200;

/** @throws TrainyardError 422 with everything that is wrong, one line each. */
export function planNlpToken(
  body: NlpTokenBody,
  places: Places,
  encoders: readonly Encoder[],
): NewTraining {
  const tags = body.model_options?.target_labels ?? [];
  return planTraining(body, places, {
    type: 'nlp-token',
    options: (check) => planOptions(body, encoders, check),
    warnings: unusedOptions(body),
    needsFiles: tags.length === 0 || !tags.every(isRuleTag),
  });
}

function planOptions(
  body: NlpTokenBody,
  encoders: readonly Encoder[],
  check: Check,
): NlpTokenOptions {
  const given = body.model_options;
  const tags = [...new Set((given?.target_labels ?? []).map(canonicalName))];
  const defaultTag = given?.default_tag ?? defaultOptions.default_tag;
  if (body.base_model_id === undefined) {
    const readsColumns = !(tags.length > 0 && tags.every(isRuleTag));
    check(tags.length > 0, 'model_options.target_labels must hold at least one tag');
    for (const column of ['source_column', 'target_column'] as const) {
      const isGiven = given?.[column] !== undefined;
      check(isGiven || !readsColumns, `model_options.${column} must be specified`);
    }
  } else {
    check(!given, 'model_options must not be given with base_model_id: the base model has them');
  }
  check(tags.length <= maxTags, `target_labels has ${tags.length} tags, allowed are ${maxTags}`);
  for (const tag of tags) {
    const shown = JSON.stringify(tag.slice(0, 40));
    check(tag !== '', 'model_options.target_labels has an empty tag');
    check(
      tag.length <= maxTagLength && !tag.includes('\0'),
      `the tag ${shown} is not allowed: at most ${maxTagLength} characters, no U+0000`,
    );
    check(tag !== defaultTag, `the tag ${shown} is default_tag, which marks what has no tag`);
  }
  const unit = given?.tokens ?? null;
  check(
    unit === null || (tokenUnits as readonly string[]).includes(unit),
    `model_options.tokens is ${JSON.stringify(unit)}, allowed are ${tokenUnits.map((u) => `"${u}"`).join(' and ')}`,
  );
  const epochs = body.train_options?.epochs ?? null;
  check(
    epochs === null || (epochs > 0 && epochs <= 1000),
    `train_options.epochs is ${String(epochs)}, allowed are 1 to 1000`,
  );
  return {
    target_labels: tags,
    source_column: given?.source_column ?? defaultOptions.source_column,
    target_column: given?.target_column ?? defaultOptions.target_column,
    default_tag: defaultTag,
    tokens: unit as TokenUnit | null,
    ...planFormat(given, check),
    epochs,
    ...planSplit(body, body.train_options?.test_split ?? null, defaultOptions, check),
    encoder: planEncoder(given, encoders, check),
    ...planSteps(given, body.train_options, check),
  };
}
