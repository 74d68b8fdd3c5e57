import { TrainyardError } from '../errors';
import type { ModelType } from './modelType';
import { nlpDoc, nlpText } from './nlp-text';

/** Options are checked where a request comes in, so a stage gets those of its own type. */
type AnyModelType = ModelType<unknown>;

const types = new Map<string, AnyModelType>(
  [nlpText, nlpDoc].map((type) => [type.name, type as AnyModelType]),
);

/** @throws TrainyardError `unknown_model_type` */
export function getModelType(name: string): AnyModelType {
  const type = types.get(name);
  if (type) return type;
  throw new TrainyardError(
    'config',
    'unknown_model_type',
    `model type "${name}" is not known (known: ${[...types.keys()].join(', ')})`,
  );
}
