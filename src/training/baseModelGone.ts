import { TrainyardError } from '../errors';

/** Without its base model a training would start from nothing, and be another one. */
export function baseModelGone(): TrainyardError {
  return new TrainyardError(
    'config',
    'base_model_gone',
    'the base model of this training was deleted, without which it cannot be repeated: start a new training, with another base model or without',
  );
}
