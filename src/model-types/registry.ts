import { TrainyardError } from '../errors';
import type { ModelType } from './contract/modelType';
import { nlpDoc, nlpText } from './nlp-text';
import { nlpToken } from './nlp-token';

/** Options are checked where a request comes in, so each kind gets its own. */
const registered = [nlpText, nlpDoc, nlpToken] as unknown as readonly ModelType[];

const byName = new Map(registered.map((type) => [type.name, type]));

/** Every kind of model that there is. */
export function modelTypes(): readonly ModelType[] {
  return registered;
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
