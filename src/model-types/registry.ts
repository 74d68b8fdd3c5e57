import { TrainyardError } from '../errors';
import type { ModelType } from './contract/modelType';
import { platformActions } from './contract/platformActions';
import { nlpDoc, nlpText } from './nlp-text';
import { nlpToken } from './nlp-token';

/** Options are checked where a request comes in, so each kind gets its own. */
const registered = checked([nlpText, nlpDoc, nlpToken] as unknown as readonly ModelType[]);

const byName = new Map(registered.map((type) => [type.name, type]));

/** Every kind of model that there is. */
export function modelTypes(): readonly ModelType[] {
  return registered;
}

/**
 * Every process loads the registry when it starts, so a kind that could not be asked for what it declares is
 * seen then, not by whoever asks.
 * @throws TrainyardError `reserved_action`
 */
export function checked(types: readonly ModelType[]): readonly ModelType[] {
  for (const { name: kind, served } of types) {
    const action = Object.keys(served.actions).find((name) => Object.hasOwn(platformActions, name));
    if (action === undefined) continue;
    throw new TrainyardError(
      'bug',
      'reserved_action',
      `model type "${kind}" declares the action "${action}", which every deployed model answers (reserved: ${Object.keys(platformActions).join(', ')})`,
    );
  }
  return types;
}

/** @throws TrainyardError `unknown_model_type` */
export function getModelType(name: string): ModelType {
  const type = byName.get(name);
  if (type) return type;
  throw new TrainyardError(
    'config',
    'unknown_model_type',
    `model type "${name}" is not known (known: ${[...byName.keys()].join(', ')})`,
  );
}
