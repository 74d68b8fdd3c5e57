import { TrainyardError } from '../errors';
import type { ModelType } from './contract/modelType';
import { nlpDoc, nlpText } from './nlp-text';

/** Options are checked where a request comes in, so each kind gets its own. */
const registered = [nlpText, nlpDoc] as unknown as readonly ModelType[];

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
